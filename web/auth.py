"""Sign in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import may_anywhere
from engine.commands.sign_in import sign_in as begin_session
from engine.commands.sign_out import sign_out as end_session
from engine.errors import Text
from engine.model import Actor
from web import cookies
from web.choices import local_address
from web.context import actor, on_failure, runtime, tx
from web.language import said

auth = Blueprint("auth", __name__)

# Where somebody begins who may do the action; the first that fits.
FIRST_PAGES = (
    ("work", "staff.worklist"),
    ("watch", "manager.home"),
    ("see_incident", "admin.incidents"),
    ("design", "designer.processes"),
    ("administer", "admin.people"),
    ("see_case", "staff.cases"),
)


@auth.get("/sign-in")
def sign_in_page() -> ResponseReturnValue:
    """Return the sign-in form."""
    return _form(request.args.get("next", ""))


@auth.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Begin a session and go where the person wanted, or to the first page of the person's roles."""
    wanted, login = request.form.get("next", ""), request.form.get("login", "").strip()
    on_failure(lambda sentence, _fields: _form(wanted, sentence, login))
    begun = begin_session(
        runtime(), tx(), login=login, password=request.form.get("password", ""), address=request.remote_addr or ""
    )
    if begun.token is None or begun.actor is None:
        return _form(wanted, begun.refused, login), 422
    response = make_response(redirect(local_address(wanted, first_page(begun.actor)), 303))
    cookies.begin_session(response, begun.token)
    return response


@auth.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    end_session(tx(), actor(), token=cookies.session_of_request())
    response = make_response(redirect(url_for("auth.sign_in_page"), 303))
    cookies.end_session(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def first_page(person: Actor) -> str:
    """Return the address of the page where this person's work begins."""
    roles = runtime().published(tx()).roles
    endpoint = next((page for action, page in FIRST_PAGES if may_anywhere(roles, person, action)), "citizen.home")
    return url_for(endpoint)


def _form(wanted: str, sentence: Text | None = None, login: str = "") -> str:
    return render_template("sign_in.html", wanted=wanted, login=login, sentence=said(sentence) if sentence else "")

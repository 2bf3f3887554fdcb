"""One request: check the token, open one transaction, find who asks, check the permission, call the view."""

from __future__ import annotations

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from engine.access import may_anywhere
from engine.errors import Forbidden, ModelError, Rejected, Text
from engine.queries.session import signed_in
from web import cookies, csrf, errors, language, recovery
from web.context import in_transaction, reading, runtime, tx, visitor
from web.permissions import PERMISSIONS, PUBLIC, SIGNED_IN
from web.problems import asked_by_program

WITHOUT_TRANSACTION = frozenset(
    {"static", "api.health", "api.ready", "citizen.manifest", "choices.choose_language", "choices.choose_size"}
)
# Their views think for long before they write: they open the transaction of the request themselves, and late.
LATE_TRANSACTION = frozenset({"designer.upload", "designer.try_expression"})
NOT_YOURS = Text(
    "您的角色不能使用这个页面。需要时请联系管理员调整角色。",
    "Your role cannot use this page. Ask an administrator if you need it.",
)


class Application(Flask):
    """Flask with one transaction around every view."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Return the view's answer, or the page that tells why there is none."""
        if request.routing_exception is not None or request.endpoint in WITHOUT_TRANSACTION or asked_by_program():
            return super().dispatch_request()
        needed = PERMISSIONS.get(request.endpoint or "")
        if needed is None:
            abort(404)
        _check_token()
        try:
            with runtime().courtesy.answering():
                if request.endpoint in LATE_TRANSACTION:
                    return reading(lambda: _allowed(needed)) or self._view()
                return in_transaction(lambda: _allowed(needed) or self._view())
        except HTTPException:
            raise
        except Rejected as error:
            recovery.audit_denial(error)
            return recovery.after_rejection(error)
        except ModelError as fault:
            return recovery.after_fault(fault)
        except Exception as error:
            return recovery.after_accident(error)

    def _view(self) -> ResponseReturnValue:
        return super().dispatch_request()


def _check_token() -> None:
    if request.method != "POST":
        return
    # Reading the form here keeps a slow upload from holding the write transaction open.
    given = request.form.get(csrf.FIELD) or request.headers.get(csrf.HEADER, "")
    if not csrf.matches(runtime().keyring.signing, cookies.nonce_of_request(), given):
        abort(403, response=errors.page_of_stale_form())


def _allowed(needed: str) -> ResponseReturnValue | None:
    token = cookies.session_of_request()
    found = signed_in(tx(), token, request.remote_addr or "") if token else None
    g.actor = found.actor if found else None
    if found and found.language and language.COOKIE not in request.cookies:
        g.language = found.language
    # Kept for the menu, which error pages draw after the transaction has ended.
    g.roles = runtime().published(tx()).roles
    if needed == PUBLIC:
        return None
    person = visitor()
    if person is None:
        return _to_sign_in()
    if needed != SIGNED_IN and not may_anywhere(g.roles, person, needed):
        raise Forbidden(NOT_YOURS)
    return None


def _to_sign_in() -> ResponseReturnValue:
    if request.method != "GET":
        abort(401, response=errors.page_of_lost_session())
    return redirect(url_for("auth.sign_in_page", next=request.full_path.rstrip("?")))

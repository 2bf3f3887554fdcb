"""Tokens with which programs sign in: who has one, a new one, one made void."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.add_token import AddedToken
from engine.commands.add_token import add_token as add
from engine.commands.revoke_token import revoke_token as revoke
from engine.errors import Text
from engine.model import Grant
from engine.queries.people import people
from engine.queries.tokens import token_list
from web.admin.blueprint import admin
from web.context import actor, on_failure, runtime, tx
from web.filters import all_regions, grant_words, role_names

USUAL_DAYS = 365
MOST_ROLES = 3


@admin.get("/tokens")
def tokens() -> ResponseReturnValue:
    """Return the tokens."""
    return _page(None, {})


@admin.post("/tokens")
def add_token() -> ResponseReturnValue:
    """Add a token and show it, this once."""
    on_failure(_page)
    days = request.form.get("days", "")
    added = add(
        runtime(), tx(), actor(), name=request.form.get("name", "").strip(), login=request.form.get("login", ""),
        grants=tuple(Grant(role, region) for role, region in _pairs() if role),
        days=int(days) if days.isdecimal() and len(days) < 6 else 0,
    )  # fmt: skip
    return _page(None, {}, added)


@admin.post("/tokens/<int:token>/revoke")
def revoke_token(token: int) -> ResponseReturnValue:
    """Make a token void."""
    on_failure(_page)
    revoke(runtime(), tx(), actor(), token=token)
    return _page(None, {})


def _pairs() -> list[tuple[str, str]]:
    """Return each role that was chosen with its region, as many as the form has room for."""
    pairs = list(zip(request.form.getlist("role"), request.form.getlist("region"), strict=False))[:MOST_ROLES]
    return pairs + [("", "")] * (MOST_ROLES - len(pairs))


def _page(sentence: Text | None, errors: dict[str, Text], added: AddedToken | None = None) -> str:
    return render_template(
        "admin/tokens.html",
        tokens=token_list(runtime(), tx(), actor()),
        people=people(runtime(), tx(), actor()),
        roles=role_names(),
        regions=all_regions(),
        words=grant_words,
        sentence=sentence,
        errors=errors,
        added=added,
        typed={} if added else request.form,
        pairs=[("", "")] * MOST_ROLES if added else _pairs(),
        usual_days=USUAL_DAYS,
    )

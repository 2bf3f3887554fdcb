"""Telling an open case what its people report: a change, a death, a withdrawal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.tell_case import tell_case
from engine.errors import Text
from engine.queries.telling import ToldForm, told_form
from web import forms
from web.context import actor, on_failure, runtime, tx
from web.language import language
from web.staff.blueprint import staff


@staff.get("/cases/<int:case>/tell/<message>")
def tell_page(case: int, message: str) -> ResponseReturnValue:
    """Return the form."""
    return _page(case, told_form(runtime(), tx(), actor(), case, message))


@staff.post("/cases/<int:case>/tell/<message>")
def tell(case: int, message: str) -> ResponseReturnValue:
    """Tell the case what was entered; or return the form again, with everything that was typed."""
    told = told_form(runtime(), tx(), actor(), case, message)
    posted = forms.read_post(told.told.form)

    def again(sentence: Text, errors: dict[str, Text]) -> ResponseReturnValue:
        # The transaction that read the case is gone.
        anew = told_form(runtime(), tx(), actor(), case, message)
        return _page(case, anew, posted.raw, errors, sentence)

    on_failure(again)
    if request.form.get("do") != "tell":
        return _page(case, told, posted.raw)
    key = request.form.get("idempotency_key") or None
    tell_case(runtime(), tx(), actor(), case=case, message=message, values=posted.raw, idempotency_key=key)
    return redirect(url_for("staff.case", case=case), 303)


@staff.post("/cases/<int:case>/tell/<message>/fields")
def tell_fields(case: int, message: str) -> ResponseReturnValue:
    """Return the fields that depend on the changed one."""
    told = told_form(runtime(), tx(), actor(), case, message)
    return _fields(told, forms.read_post(told.told.form).raw, {})


def _page(
    case: int,
    told: ToldForm,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Text] | None = None,
    sentence: Text | None = None,
) -> str:
    return render_template(
        "staff/tell.html",
        case=case,
        told=told,
        key=request.form.get("idempotency_key") or secrets.token_urlsafe(18),
        fields=_fields(told, values or {}, errors or {}),
        errors=told.told.form.error_summary(errors or {}, language()),
        sentence=sentence,
    )


def _fields(told: ToldForm, values: Mapping[str, Any], errors: Mapping[str, Text]) -> str:
    around = forms.Around(environment=told.environment, sources=told.sources, view=told.view)
    return forms.draw(told.told.form, values, errors, around)

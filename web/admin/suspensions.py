"""What stands still, and the forms to suspend and resume a case or a process."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.resume_case import resume_case as let_case_go_on
from engine.commands.resume_process import resume_process as let_process_go_on
from engine.commands.suspend_case import suspend_case as stop_case
from engine.commands.suspend_process import suspend_process as stop_process
from engine.errors import Text
from engine.queries.suspensions import case_of_number, standing_still
from web.admin.blueprint import admin
from web.context import actor, on_failure, runtime, tx
from web.filters import process_names


@admin.get("/suspensions")
def suspensions() -> ResponseReturnValue:
    """Return what stands still."""
    return _page()


@admin.post("/suspensions/cases")
def suspend_case() -> ResponseReturnValue:
    """Suspend the case of the entered number."""
    on_failure(_page)
    case = case_of_number(runtime(), tx(), actor(), request.form.get("number", ""))
    stop_case(runtime(), tx(), actor(), case=case, reason=_reason())
    return _back()


@admin.post("/suspensions/cases/<int:case>/resume")
def resume_case(case: int) -> ResponseReturnValue:
    """Let the case go on."""
    on_failure(_page)
    let_case_go_on(runtime(), tx(), actor(), case=case, reason=_reason())
    return _back()


@admin.post("/suspensions/processes")
def suspend_process() -> ResponseReturnValue:
    """Suspend the chosen process with all its cases."""
    on_failure(_page)
    stop_process(runtime(), tx(), actor(), process=request.form.get("process", ""), reason=_reason())
    return _back()


@admin.post("/suspensions/processes/<process>/resume")
def resume_process(process: str) -> ResponseReturnValue:
    """Let the process go on."""
    on_failure(_page)
    let_process_go_on(runtime(), tx(), actor(), process=process, reason=_reason())
    return _back()


def _reason() -> str:
    return request.form.get("reason", "")


def _back() -> ResponseReturnValue:
    return redirect(url_for("admin.suspensions"), 303)


def _page(sentence: Text | None = None, _fields: Mapping[str, Text] | None = None) -> str:
    return render_template(
        "admin/suspensions.html",
        standing=standing_still(runtime(), tx(), actor()),
        processes=process_names(),
        sentence=sentence,
        typed=request.form,
        tried=request.endpoint,
    )

"""One user task: look, fill in, save a draft, complete, correct."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.complete_task import complete_task
from engine.commands.correct_form import correct_form
from engine.commands.save_draft import save_draft
from engine.errors import Rejected, Text
from engine.forms import Form
from engine.queries.task import TaskPage, task_page
from web import forms, present
from web.context import actor, on_failure, runtime, tx
from web.language import _, language
from web.staff.blueprint import staff

CORRECT_FILES = Text("有文件没有上传，其他内容都已保留。", "A file was not accepted; everything else is kept.")


@staff.get("/tasks/<int:task>")
def task(task: int) -> ResponseReturnValue:
    """Return the task: what the case is about, the form, documents, what happened, where it is."""
    return show(task)


@staff.post("/tasks/<int:task>")
def complete(task: int) -> ResponseReturnValue:
    """Complete the task with its form; or keep a draft, when that button or a row button was pressed."""
    form = _named_form()
    posted = forms.read_post(form)
    on_failure(lambda sentence, fields: _keep_and_show(task, form, posted, sentence, fields))
    forms.keep_files(form, posted, f"task:{task}")
    if posted.errors or posted.rows_changed or request.form.get("do") != "complete":
        save_draft(runtime(), tx(), actor(), task=task, values=posted.raw)
        page = show(task, CORRECT_FILES if posted.errors else None, posted.errors, values=posted.raw)
        return page, 422 if posted.errors else 200
    completed = complete_task(
        runtime(), tx(), actor(),
        task=task, revision=_revision(), values=posted.raw,
        idempotency_key=request.form.get("idempotency_key") or None,
    )  # fmt: skip
    return redirect(url_for("staff.worklist", completed=completed.number), 303)


@staff.post("/tasks/<int:task>/draft")
def draft(task: int) -> ResponseReturnValue:
    """Keep what was typed so far, and return when."""
    posted = forms.read_post(_named_form())
    save_draft(runtime(), tx(), actor(), task=task, values=posted.raw)
    return _("草稿已保存 %(when)s", when=f"{tx().now:%H:%M:%S}")


@staff.post("/tasks/<int:task>/fields")
def fields(task: int) -> ResponseReturnValue:
    """Return the fields that depend on the changed one."""
    page = task_page(runtime(), tx(), actor(), task)
    if page.form is None:
        abort(404)
    return _draw(page, forms.read_post(page.form).raw, {})


@staff.get("/tasks/<int:task>/correct")
def correct_page(task: int) -> ResponseReturnValue:
    """Return the completed form, open for a correction."""
    return _correction(task, None, {}, None, "")


@staff.post("/tasks/<int:task>/correct")
def correct(task: int) -> ResponseReturnValue:
    """Correct the completed form, with a reason."""
    page = task_page(runtime(), tx(), actor(), task)
    if page.form is None:
        abort(404)
    posted = forms.read_post(page.form)
    reason = request.form.get("correction_reason", "")
    on_failure(lambda sentence, fields: _correction(task, sentence, fields, posted.raw, reason))
    if posted.rows_changed:
        return _correction(task, None, {}, posted.raw, reason)
    correct_form(runtime(), tx(), actor(), task=task, values=posted.raw, reason=reason)
    return redirect(url_for("staff.task", task=task), 303)


def show(
    task: int,
    sentence: Text | None = None,
    errors: Mapping[str, Text] | None = None,
    *,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
) -> str:
    """Return the page of a task, with what was typed when there is something."""
    page = task_page(runtime(), tx(), actor(), task)
    typed = page.values if values is None else values
    found = dict(errors or {})
    return render_template(
        "staff/task.html",
        page=page,
        task=page.row,
        where=next((state for state in page.diagrams if state.process == page.row.process), page.diagrams[0]),
        may_fill=_may_fill(page),
        mine=page.may_work and page.row.assignee == actor().person,
        fields=_draw(page, typed, found, locked=not _may_fill(page)),
        unsaved=_unsaved(page, values),
        errors=page.form.error_summary(found, language()) if page.form else "",
        sentence=sentence,
        reason=reason,
        encoding=forms.encoding(page.form),
        form_name=f"{page.diagrams[0].definition}:{page.row.form or ''}",
        idempotency_key=secrets.token_urlsafe(12),
    )


def _keep_and_show(
    task: int, form: Form | None, posted: forms.Posted, sentence: Text, fields: dict[str, Text]
) -> ResponseReturnValue:
    # The refused transaction took the uploads with it: they are kept again, with the draft, unless the task is gone.
    with suppress(Rejected):
        forms.keep_files(form, posted, f"task:{task}")
        save_draft(runtime(), tx(), actor(), task=task, values=posted.raw)
    return show(task, sentence, fields, values=posted.raw)


def _correction(
    task: int, sentence: Text | None, errors: Mapping[str, Text], values: Mapping[str, Any] | None, reason: str
) -> str:
    page = task_page(runtime(), tx(), actor(), task)
    if page.form is None or not page.may_correct:
        abort(404)
    return render_template(
        "staff/correct.html",
        task=page.row,
        fields=_draw(page, page.values if values is None else values, errors),
        errors=page.form.error_summary(errors, language()),
        sentence=sentence,
        reason=reason,
    )


def _draw(page: TaskPage, values: Mapping[str, Any], errors: Mapping[str, Text], *, locked: bool = False) -> str:
    if page.form is None:
        return ""
    around = forms.Around(environment=page.environment, sources=page.sources, uploads=page.uploads, view=page.view)
    return forms.draw(page.form, values, errors, around, locked=locked)


def _unsaved(page: TaskPage, values: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return what was typed into a task that meanwhile went to somebody else, so that it can be copied."""
    if values is None or page.form is None or _may_fill(page):
        return []
    labels = {item.key: item.label.ready for item in page.form.fields}
    return [
        (label.in_language(language()) if label else name, str(present.shown(value)))
        for name, value in values.items()
        if value not in ("", None, []) and (label := labels.get(name)) is not None
    ]


def _may_fill(page: TaskPage) -> bool:
    return page.may_work and page.row.assignee in (None, actor().person)


def _named_form() -> Form | None:
    """Return the form the page was drawn from; the command checks with the task's own form again."""
    definition, _colon, name = request.form.get("form", "").partition(":")
    if not definition.isdecimal():
        abort(400)
    return runtime().definition(tx(), int(definition)).forms.get(name)


def _revision() -> int:
    text = request.form.get("revision", "")
    return int(text) if text.isdecimal() else -1

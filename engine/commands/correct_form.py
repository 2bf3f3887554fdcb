"""Corrects what was entered in a completed task, with a reason; the path the case took stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.access import Subject, may
from engine.commands.forms import submitted, takes_files
from engine.commands.tasks import lock_task
from engine.commands.work import Work, digest, open_work, save
from engine.errors import Conflict, Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import activities, files
from engine.store.audit import Entry
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow
from engine.store.values import pack


def correct_form(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    task: int,
    values: Mapping[str, Any],
    reason: str,
) -> None:
    """Write the corrected values to the history and, in the case's own process, to its variables.

    Raises NotFound, Forbidden (neither the one who completed it nor a corrector), Conflict (still open, case ended)
    or Invalid (field sentences, no reason).
    """
    row, locked = lock_task(runtime, transaction, actor, task, "see_case")
    _check(runtime, transaction, actor, row, locked.row.status)
    if not reason.strip():
        message = Text("请写明更正原因。", "Expected a reason for the correction; write one.")
        raise Invalid(message, {"reason": message})
    work = open_work(runtime, transaction, actor, locked)
    accepted = _accepted(work, row, values)
    note = f"{transaction.now:%Y-%m-%d %H:%M} {actor.name}:{reason.strip()}"
    before = activities.values(transaction, runtime.keyring, row.case, row.token) or {}
    activities.correct(transaction, runtime.keyring, row.case, row.token, dict(accepted), note)
    if row.process == locked.row.process and row.item is None:
        work.run.write(accepted)
        work.variables.write(work.run.step.variables, ())
    details = {"reason": reason.strip(), "values_before": digest(pack(before)), "values": digest(pack(dict(accepted)))}
    save(work, Entry("correct_form", f"user_task:{row.key}:{row.element}", details=details))


def _check(runtime: Runtime, transaction: Transaction, actor: Actor, row: TaskRow, case_status: str) -> None:
    if row.status != "completed" or case_status != "open":
        raise Conflict(
            Text(
                "只能更正未办结案件中已完成的表单。",
                "Expected a completed task of an open case; nothing else is corrected.",
            )
        )
    roles = runtime.published(transaction).roles
    if row.closed_by != actor.person and not may(roles, actor, "correct", Subject(row.region)):
        raise Forbidden(
            Text("只有原经办人或主管可以更正。", "Expected the person who completed the form, or a supervisor.")
        )


def _accepted(work: Work, row: TaskRow, values: Mapping[str, Any]) -> Mapping[str, Any]:
    form = work.definition.forms.get(row.form or "")
    if form is None:
        raise Conflict(Text("该步骤没有表单可更正。", "Expected a step with a form, but this one has none."))
    uploads = files.of_owner(work.transaction, work.runtime.keyring, f"task:{row.key}") if takes_files(form) else {}
    return submitted(work.runtime, work.transaction, form, values, work.run.view(None), work.row.region, uploads)

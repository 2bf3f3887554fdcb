"""Completes a user task with its form: the busiest road of the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.commands.forms import submitted, takes_files
from engine.commands.step import take_step
from engine.commands.suspension import check_running
from engine.commands.tasks import check_not_taken, check_open, check_revision, check_separate, lock_task
from engine.commands.work import Work, digest, open_work
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import files
from engine.store.audit import Entry
from engine.store.projection import Completion
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow
from engine.store.values import pack


@dataclass(frozen=True, slots=True)
class CompletedTask:
    """What was completed; ``repeated`` when this request had been answered before."""

    task: int
    case: int
    number: str
    repeated: bool = False


def complete_task(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    task: int,
    revision: int,
    values: Mapping[str, Any],
    idempotency_key: str | None = None,
) -> CompletedTask:
    """Return the completed task.

    ``values`` are raw form values; ``revision`` is the one the person loaded. Raises NotFound, Forbidden, Conflict
    (naming who and when) or Invalid (a sentence per field); ModelError when the case cannot go on.
    """
    row, locked = lock_task(runtime, transaction, actor, task)
    if _repeated(row, actor, idempotency_key):
        return CompletedTask(row.key, row.case, locked.row.number, repeated=True)
    check_open(row)
    check_not_taken(row, actor)
    check_revision(row, revision)
    check_separate(transaction, row, actor)
    check_running(transaction, locked.row)
    work = replace(open_work(runtime, transaction, actor, locked), acted_as=row.role)
    accepted = _accepted(work, row, values)
    work.run.complete(row.token, accepted)
    entry = Entry(
        "complete_task", f"user_task:{row.key}:{row.element}", details={"values": digest(pack(dict(accepted)))}
    )
    take_step(work, entry, Completion(row.token, actor.person, actor.name, idempotency_key, accepted, row.form))
    return CompletedTask(row.key, row.case, locked.row.number)


def _repeated(row: TaskRow, actor: Actor, idempotency_key: str | None) -> bool:
    return (
        idempotency_key is not None
        and row.status == "completed"
        and row.request == idempotency_key
        and row.closed_by == actor.person
    )


def _accepted(work: Work, row: TaskRow, values: Mapping[str, Any]) -> Mapping[str, Any]:
    form = work.definition.forms.get(row.form or "")
    if form is None:
        return {}
    uploads: Mapping[str, Mapping[str, Any]] = {}
    if takes_files(form):
        uploads = files.of_owner(work.transaction, work.runtime.keyring, f"task:{row.key}")
    view = work.run.view(row.token)
    return submitted(work.runtime, work.transaction, form, values, view, work.row.region, uploads)

"""Takes an open task for oneself."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.tasks import check_not_taken, check_open, check_revision, check_separate, lock_task
from engine.commands.work import chain_of
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import activities, audit, cases, user_tasks
from engine.store.cases import LockedCase
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow


@dataclass(frozen=True, slots=True)
class AssignedTask:
    """Who holds the task now; None for nobody."""

    task: int
    assignee: int | None
    revision: int


def claim_task(runtime: Runtime, transaction: Transaction, actor: Actor, *, task: int) -> AssignedTask:
    """Return the task as claimed by the actor; claiming one's own again changes nothing.

    Raises NotFound, Forbidden, or Conflict naming who holds or closed it.
    """
    row, locked = lock_task(runtime, transaction, actor, task)
    check_open(row)
    check_not_taken(row, actor)
    if row.assignee == actor.person:
        return AssignedTask(row.key, row.assignee, row.revision)
    check_separate(transaction, row, actor)
    return hand_over(transaction, actor, row, locked, actor.person, actor.name, "claim_task")


def hand_over(
    transaction: Transaction,
    actor: Actor,
    row: TaskRow,
    locked: LockedCase,
    person: int | None,
    name: str | None,
    action: str,
    reason: str = "",
) -> AssignedTask:
    """Return the task as held by the person (None: by nobody), with the hand-over in the case's audit."""
    if not user_tasks.assign(transaction, row, person, name):
        check_revision(row, -1)
    activities.claimed(transaction, row.case, row.token, person, name)
    details = {"assignee": name, "reason": reason}
    entry = audit.Entry(action, f"user_task:{row.key}:{row.element}", region=locked.row.region, details=details)
    head = audit.append(transaction, chain_of(row.case), locked.head, actor, entry)
    cases.save_state(transaction, locked, locked.state, head)
    return AssignedTask(row.key, person, row.revision + 1)

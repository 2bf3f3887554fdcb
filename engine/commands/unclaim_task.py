"""Gives a claimed task back to its role."""

from __future__ import annotations

from engine.commands.claim_task import AssignedTask, hand_over
from engine.commands.tasks import check_not_taken, check_open, lock_task
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction


def unclaim_task(runtime: Runtime, transaction: Transaction, actor: Actor, *, task: int) -> AssignedTask:
    """Return the task as held by nobody; drafts stay with the task. Raises NotFound, Forbidden or Conflict."""
    row, locked = lock_task(runtime, transaction, actor, task)
    check_open(row)
    check_not_taken(row, actor)
    if row.assignee is None:
        return AssignedTask(row.key, None, row.revision)
    return hand_over(transaction, actor, row, locked, None, None, "unclaim_task")

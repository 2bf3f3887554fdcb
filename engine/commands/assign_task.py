"""Hands a task to another person, with a reason."""

from __future__ import annotations

from engine.access import may
from engine.commands.claim_task import AssignedTask, hand_over
from engine.commands.tasks import check_open, check_separate, lock_task
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import people
from engine.store.transaction import Transaction
from engine.store.user_tasks import subject_of


def assign_task(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, task: int, person: int, reason: str
) -> AssignedTask:
    """Return the task as held by the person. Raises NotFound, Forbidden, Conflict or Invalid."""
    row, locked = lock_task(runtime, transaction, actor, task, "reassign")
    check_open(row)
    if not reason.strip():
        message = Text("请写明改派原因。", "Expected a reason for handing the task over; write one.")
        raise Invalid(message, {"reason": message})
    target = people.find(transaction, person)
    roles = runtime.published(transaction).roles
    if target is None or not target.active or not may(roles, people.actor(target), "work", subject_of(row)):
        message = Text(
            "请选择能办理此任务的在岗人员。",
            "Expected an active person who holds the task's role in its place; choose one.",
        )
        raise Invalid(message, {"person": message})
    receiver = people.actor(target)
    check_separate(transaction, row, receiver)
    return hand_over(transaction, actor, row, locked, target.key, target.name, "assign_task", reason.strip())

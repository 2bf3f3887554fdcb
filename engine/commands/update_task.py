"""Changes when an open task is wanted: its priority, and when to take it up again."""

from __future__ import annotations

from datetime import datetime

from engine.commands.tasks import check_open, lock_task
from engine.commands.work import chain_of
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, cases, user_tasks
from engine.store.transaction import Transaction

MOST_PRIORITY = 100


def update_task(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    task: int,
    priority: int | None = None,
    follow_up: datetime | None = None,
) -> None:
    """Write what is given; the due time and who a task is offered to stand in the diagram and cannot be changed.

    Raises NotFound, Forbidden without the right to reassign, Conflict for a closed task, Invalid for a priority
    outside 0 to 100.
    """
    row, locked = lock_task(runtime, transaction, actor, task, "reassign")
    check_open(row)
    if priority is not None and not 0 <= priority <= MOST_PRIORITY:
        message = Text(f"优先级应为 0 至 {MOST_PRIORITY}。", f"Expected a priority of 0 to {MOST_PRIORITY}.")
        raise Invalid(message, {"priority": message})
    chosen_priority = row.priority if priority is None else priority
    user_tasks.reschedule(transaction, row.key, chosen_priority, follow_up)
    details = {"priority": chosen_priority, "follow_up": follow_up.isoformat() if follow_up else ""}
    entry = audit.Entry("update_task", f"user_task:{row.key}:{row.element}", region=locked.row.region, details=details)
    head = audit.append(transaction, chain_of(row.case), locked.head, actor, entry)
    cases.save_state(transaction, locked, locked.state, head)

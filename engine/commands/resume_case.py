"""Lets a suspended case go on; what became due meanwhile is done now, in the order it was due."""

from __future__ import annotations

from engine.commands.operations import lock_for_repair, required_reason
from engine.commands.work import note
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import deliveries, subscriptions, suspensions
from engine.store.audit import Entry
from engine.store.transaction import Transaction


def resume_case(runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, reason: str) -> None:
    """Resume the case. It still stands when its whole process is suspended.

    Raises NotFound, Forbidden, Conflict when it was not suspended itself, Invalid without a reason.
    """
    locked = lock_for_repair(runtime, transaction, actor, case)
    given = required_reason(reason)
    before = suspensions.in_force(transaction, suspensions.subject_of_case(case))
    if before is None:
        raise Conflict(
            Text("案件没有被单独暂停,无需恢复。", "Expected a suspended case, but it is not suspended itself.")
        )
    suspensions.lift(transaction, before.key, actor, given)
    suspensions.free_case(transaction, case)
    deliveries.of_subscriptions(transaction, [row.key for row in subscriptions.of_tokens(transaction, case)])
    note(transaction, actor, locked, Entry("resume_case", f"case:{case}", details={"reason": given}))
    transaction.after_commit(runtime.wake)
    transaction.after_commit(runtime.offers.ring)

"""Lets a suspended process go on."""

from __future__ import annotations

from engine.commands.operations import required_reason
from engine.commands.suspend_process import check_may
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, deliveries, subscriptions, suspensions
from engine.store.transaction import Transaction


def resume_process(runtime: Runtime, transaction: Transaction, actor: Actor, *, process: str, reason: str) -> int:
    """Return of how many open cases it was lifted; one that was suspended itself still stands.

    Raises NotFound, Forbidden without the right for the whole city, Conflict when it runs, Invalid without a reason.
    """
    check_may(runtime, transaction, actor, process)
    given = required_reason(reason)
    before = suspensions.in_force(transaction, suspensions.subject_of_process(process))
    if before is None:
        raise Conflict(Text("该流程没有暂停,无需恢复。", "Expected a suspended process, but it runs."))
    suspensions.lift(transaction, before.key, actor, given)
    freed = suspensions.free_process(transaction, process)
    deliveries.of_subscriptions(transaction, subscriptions.of_process(transaction, process))
    city = runtime.settings.city
    entry = audit.Entry("resume_process", f"process:{process}", region=city, details={"reason": given, "cases": freed})
    audit.append_unlocked(transaction, "suspensions", actor, entry)
    transaction.after_commit(runtime.wake)
    transaction.after_commit(runtime.offers.ring)
    return freed

"""Makes one case stand still: its tasks are not completed, its timers do not fire, its jobs are not handed out."""

from __future__ import annotations

from engine.commands.operations import lock_for_repair, required_reason
from engine.commands.suspension import stands_still
from engine.commands.work import note
from engine.errors import Conflict
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import suspensions
from engine.store.audit import Entry
from engine.store.transaction import Transaction


def suspend_case(runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, reason: str) -> None:
    """Suspend the case; an answer that is under way is asked for again after it is resumed, with the same key.

    Raises NotFound, Forbidden, Conflict when it has ended or is suspended already, Invalid without a reason.
    """
    locked = lock_for_repair(runtime, transaction, actor, case)
    given = required_reason(reason)
    subject = suspensions.subject_of_case(case)
    before = suspensions.in_force(transaction, subject)
    if before is not None:
        raise Conflict(stands_still(before))
    suspensions.impose(transaction, subject, locked.row.region, actor, given)
    suspensions.stop_case(transaction, case)
    note(transaction, actor, locked, Entry("suspend_case", f"case:{case}", details={"reason": given}))

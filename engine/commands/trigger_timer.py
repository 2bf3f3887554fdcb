"""Fires one due timer."""

from __future__ import annotations

from engine.commands.step import take_step
from engine.commands.work import open_work
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import jobs
from engine.store.audit import Entry
from engine.store.transaction import Transaction


def trigger_timer(runtime: Runtime, transaction: Transaction, *, job: int, tries: int, patient: bool = True) -> bool:
    """Return whether the timer fired; a cancelled, settled or re-planned one is left alone.

    Unless ``patient``, so is one whose case another transaction holds. Raises ModelError when the case cannot go on.
    """
    found = jobs.lock(transaction, job) if patient else jobs.lock_free(transaction, job)
    if found is None:
        return False
    row, locked = found
    if row.status not in (jobs.WAITING, jobs.QUEUED) or row.tries != tries:
        return False
    if row.due_at > transaction.now:
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.WAITING}])
        return False
    work = open_work(runtime, transaction, SYSTEM, locked)
    jobs.set_status(transaction, [{"key_": row.key, "status": jobs.DONE}])
    work.run.fire(row.token)
    take_step(work, Entry("trigger_timer", f"job:{row.key}:{row.element}"))
    return True

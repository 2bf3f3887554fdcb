"""Lets an operator free a case: try the failed job again."""

from __future__ import annotations

from engine.commands.failed_job import check_open, visible_incident
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, cases, incidents, jobs
from engine.store.incidents import IncidentRow
from engine.store.transaction import Transaction


def resolve_incident(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, incident: int, reason: str
) -> IncidentRow:
    """Return the incident as resolved: its job is due now with all its tries again.

    Raises NotFound, Forbidden without the right to repair, Conflict when resolved before, Invalid without a reason.
    """
    row = visible_incident(runtime, transaction, actor, incident)
    locked = cases.lock(transaction, row.case) if row.case is not None else None
    if locked is not None:
        row = incidents.find(transaction, incident) or row
    check_open(row)
    if not reason.strip():
        message = Text("请写明处理说明。", "Expected a note on what was done; write one.")
        raise Invalid(message, {"reason": message})
    job = jobs.find(transaction, row.job) if row.job is not None else None
    if job is not None:
        suspended = locked is not None and locked.row.suspended
        jobs.retry_at(transaction, job.key, 0, transaction.now, jobs.SUSPENDED if suspended else job.ready, None)
    incidents.resolve(transaction, row.key, actor.name, reason.strip())
    entry = audit.Entry(
        "resolve_incident", f"incident:{row.key}", region=row.region, details={"reason": reason.strip()}
    )
    audit.append_unlocked(transaction, "incidents", actor, entry)
    transaction.after_commit(runtime.wake)
    transaction.after_commit(runtime.offers.ring)
    return row

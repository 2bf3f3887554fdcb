"""Lets an operator free a case: try the failed job again."""

from __future__ import annotations

from engine.commands.failed_job import check_open, visible_incident
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, cases, deliveries, incidents, jobs, messages, start_timers
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
    if row.job is not None:
        _retry(runtime, transaction, row.kind, row.job, locked is not None and locked.row.suspended > 0)
    incidents.resolve(transaction, row.key, actor.name, reason.strip())
    entry = audit.Entry(
        "resolve_incident", f"incident:{row.key}", region=row.region, details={"reason": reason.strip()}
    )
    audit.append_unlocked(transaction, "incidents", actor, entry)
    transaction.after_commit(runtime.wake)
    transaction.after_commit(runtime.offers.ring)
    return row


def _retry(runtime: Runtime, transaction: Transaction, kind: str, job: int, suspended: bool) -> None:
    if kind == "start":
        start_timers.set_status(transaction, job, start_timers.WAITING)
        return
    delivery = deliveries.find(transaction, job) if kind in (messages.MESSAGE, messages.SIGNAL) else None
    if delivery is None:
        _retry_job(transaction, job, suspended)
        return
    if delivery.message is not None:
        messages.revive(transaction, delivery.message, runtime.settings.message_life)
        messages.forget_hops(transaction, delivery.message)
    deliveries.retry(transaction, delivery.key)


def _retry_job(transaction: Transaction, key: int, suspended: bool) -> None:
    job = jobs.find(transaction, key)
    if job is not None:
        jobs.retry_at(transaction, job.key, 0, transaction.now, jobs.SUSPENDED if suspended else job.ready, None)

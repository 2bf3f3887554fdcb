"""Lets an operator free a case: try the failed job again."""

from __future__ import annotations

from engine.access import Subject, may
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Text
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
    row = _visible(runtime, transaction, actor, incident)
    locked = cases.lock(transaction, row.case) if row.case is not None else None
    if locked is not None:
        row = incidents.find(transaction, incident) or row
    if row.resolved_at is not None:
        raise Conflict(
            Text(
                f"该异常已由{row.resolved_by}于 {row.resolved_at:%Y-%m-%d %H:%M} 处理。",
                f"Expected an open incident, but {row.resolved_by} resolved it at {row.resolved_at:%Y-%m-%d %H:%M}.",
            )
        )
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


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor, incident: int) -> IncidentRow:
    row = incidents.find(transaction, incident)
    roles = runtime.published(transaction).roles
    if row is None or not may(roles, actor, "see_incident", Subject(row.region)):
        raise NotFound(Text("没有找到这个异常。", "Expected an incident you may see, but there is none here."))
    if not may(roles, actor, "repair", Subject(row.region)):
        raise Forbidden(Text("只有运行维护岗可以处理异常。", "Expected the operations role; ask it to retry."))
    return row

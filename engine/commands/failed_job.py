"""What operations need before they decide about an activity that failed: the incident, its job and its case, locked."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import Subject
from engine.commands.operations import not_operations
from engine.commands.suspension import check_running
from engine.errors import Conflict, NotFound, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.visibility import may_within_case
from engine.store import incidents, jobs
from engine.store.cases import LockedCase
from engine.store.incidents import IncidentRow
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class FailedJob:
    """An activity whose tries are used up; its token waits for operations."""

    incident: IncidentRow
    job: JobRow
    locked: LockedCase


def lock_failed(runtime: Runtime, transaction: Transaction, actor: Actor, incident: int) -> FailedJob:
    """Return the failed activity of the incident.

    Raises NotFound, Forbidden without the right to repair, Conflict when it was resolved before, its case is
    suspended, or no service failed there.
    """
    row = visible_incident(runtime, transaction, actor, incident)
    found = jobs.lock(transaction, row.job) if row.job is not None else None
    row = incidents.find(transaction, incident) or row
    check_open(row)
    if found is None or found[0].kind == jobs.TIMER:
        raise Conflict(_no_service())
    job, locked = found
    check_running(transaction, locked.row)
    return FailedJob(row, job, locked)


def visible_incident(runtime: Runtime, transaction: Transaction, actor: Actor, incident: int) -> IncidentRow:
    """Return the incident. Raises NotFound when it is hidden, Forbidden without the right to repair."""
    row = incidents.find(transaction, incident)
    if row is None or not _may(runtime, transaction, actor, "see_incident", row):
        raise NotFound(Text("没有找到这个异常。", "Expected an incident you may see, but there is none here."))
    if not _may(runtime, transaction, actor, "repair", row):
        raise not_operations()
    return row


def check_open(row: IncidentRow) -> None:
    """Raise Conflict naming who resolved the incident and when, unless it is open."""
    if row.resolved_at is not None:
        raise Conflict(
            Text(
                f"该异常已由{row.resolved_by}于 {row.resolved_at:%Y-%m-%d %H:%M} 处理。",
                f"Expected an open incident, but {row.resolved_by} resolved it at {row.resolved_at:%Y-%m-%d %H:%M}.",
            )
        )


def _may(runtime: Runtime, transaction: Transaction, actor: Actor, action: str, row: IncidentRow) -> bool:
    return may_within_case(runtime, transaction, actor, action, row.case, Subject(row.region))


def _no_service() -> Text:
    return Text(
        "此处没有失败的服务步骤,不能跳过,也不能改走错误分支;请重试。",
        "Expected a service that failed, but this is none, so it cannot be skipped or end with an error; retry it.",
    )

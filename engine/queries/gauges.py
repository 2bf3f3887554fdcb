"""What a monitoring system draws over time: counts of cases, tasks, jobs, incidents and messages by their state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.queries.status import Status, status
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.jobs import OFFERED
from engine.store.scope import open_to_all
from engine.store.transaction import Transaction

Counts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Gauges:
    """Counts by (process, state), (process,), (kind,) or (state,), without a case or a person in them."""

    status: Status
    cases: Counts
    tasks_open: Counts
    tasks_overdue: Counts
    incidents: Counts
    messages: Counts
    deliveries: Counts
    jobs_offered: int
    jobs_locked: int


def gauges(runtime: Runtime, transaction: Transaction) -> Gauges:
    """Return the counts of the whole installation at this moment."""
    now = {"now": transaction.now}
    locked = int(transaction.execute(_LOCKED, now).scalar_one())
    return Gauges(
        status=status(runtime, transaction),
        cases=_counts(transaction, _CASES),
        tasks_open=_counts(transaction, _TASKS),
        tasks_overdue=_counts(transaction, _OVERDUE, now),
        incidents=_counts(transaction, _INCIDENTS),
        messages=_counts(transaction, _MESSAGES),
        deliveries=_counts(transaction, _DELIVERIES),
        jobs_offered=int(transaction.execute(_OFFERED).scalar_one()) - locked,
        jobs_locked=locked,
    )


def _counts(transaction: Transaction, query: sa.Select[Any], given: Mapping[str, Any] | None = None) -> Counts:
    return {tuple(row[:-1]): int(row[-1]) for row in transaction.execute(query, given)}


_NOW = sa.bindparam("now", type_=t.Instant)
_COUNT = sa.func.count()
_c, _u, _i, _j, _m, _d = (
    table.c for table in (t.case, t.user_task, t.incident, t.job, t.message, t.delivery)
)  # fmt: skip
_STATE = sa.case((sa.and_(_c.status == "open", _c.suspended > 0), "suspended"), else_=_c.status)
_CASES = sa.select(_c.process, _STATE, _COUNT).where(open_to_all(_c)).group_by(_c.process, _STATE)
_TASKS = sa.select(_u.process, _COUNT).where(_u.status == "open", open_to_all(_u)).group_by(_u.process)
_OVERDUE = _TASKS.where(_u.due_at < _NOW)
_INCIDENTS = sa.select(_i.kind, _COUNT).where(_i.resolved_at.is_(None), open_to_all(_i)).group_by(_i.kind)
_MESSAGES = sa.select(_m.status, _COUNT).where(_m.kind == "message", open_to_all(_m)).group_by(_m.status)
_DELIVERIES = sa.select(_d.status, _COUNT).group_by(_d.status)
_OFFERED = sa.select(_COUNT).where(_j.status == OFFERED, open_to_all(_j))
_LOCKED = _OFFERED.where(_j.worker.is_not(None), _j.due_at > _NOW)

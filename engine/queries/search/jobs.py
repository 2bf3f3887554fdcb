"""Jobs of services as programs list them; timers are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import EVERY_SERVICE, scope
from engine.model import Actor
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import search
from engine.runtime import Runtime
from engine.store import jobs
from engine.store import tables as t
from engine.store.scope import in_scope, visible, within
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job; ``due_at`` is when its lock ends while a worker holds it, ``left`` how many tries it has."""

    key: int
    case: int
    number: str
    definition: int
    process: str
    element: str
    type: str
    status: str
    created_at: datetime
    due_at: datetime
    error: str | None
    tries: int
    left: int
    worker: str | None
    activity: int | None


def search_jobs(runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria) -> Found[JobLine]:
    """Return the jobs of the service types the actor serves, and those in regions where the actor sees incidents."""
    roles = runtime.published(transaction).roles
    served_or_watched = [in_scope(_j, scope(roles, actor, "see_incident"))]
    for role, region in scope(roles, actor, "serve").grants:
        served = roles[role].serves
        here = within(_j.region, region)
        served_or_watched.append(here if EVERY_SERVICE in served else sa.and_(here, _j.type.in_(sorted(served))))
    seen = _SELECT.where(sa.or_(*served_or_watched), visible(_j, scope(roles, actor, "serve")))
    return search(transaction, seen, COLUMNS, _j.key, criteria, _line)


def element_instances(transaction: Transaction, tokens: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the element instances of tokens, by case and token."""
    if not tokens:
        return {}
    query = sa.select(_a.case, _a.token, sa.func.max(_a.key).label("key")).group_by(_a.case, _a.token)
    found = transaction.execute(query.where(sa.tuple_(_a.case, _a.token).in_(tokens)))
    return {(row.case, row.token): row.key for row in found}


def _line(row: Any) -> JobLine:
    return JobLine(*tuple(row)[: len(JobLine.__slots__)])


_j, _c, _a = t.job.c, t.case.c, t.activity.c
_ACTIVITY = sa.select(sa.func.max(_a.key)).where(_a.case == _j.case, _a.token == _j.token).scalar_subquery()
_STATE = sa.case(
    (_j.status.in_((jobs.WAITING, jobs.QUEUED, jobs.OFFERED)), "open"), else_=_j.status
)  # fmt: skip
_LEFT = _j.retries - _j.tries
_SELECT = (
    sa.select(
        _j.key, _j.case, _c.number, _c.definition, _j.process, _j.element, _j.type, _STATE.label("state"), _j.anchor,
        _j.due_at, _j.error, _j.tries, _LEFT.label("tries_left"), _j.worker, _ACTIVITY.label("activity"),
    )
    .select_from(t.job.join(t.case, _c.key == _j.case))
    .where(_j.kind != jobs.TIMER)
)  # fmt: skip

STATES = {"CREATED": "open", "COMPLETED": jobs.DONE, "CANCELED": jobs.CANCELLED, "FAILED": jobs.INCIDENT}
COLUMNS: Columns = {
    "job_key": Column("key", _j.key),
    "type": Column("text", _j.type),
    "worker": Column("text", _j.worker),
    "state": Column("choice", _STATE, STATES),
    "retries": Column("number", _LEFT),
    "error_message": Column("text", _j.error),
    "deadline": Column("moment", _j.due_at),
    "creation_time": Column("moment", _j.anchor),
    "element_id": Column("text", _j.element),
    "process_definition_id": Column("text", _j.process),
    "process_definition_key": Column("key", _c.definition),
    "process_instance_key": Column("key", _j.case),
}

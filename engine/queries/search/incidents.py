"""Incidents as programs list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.errors import NotFound, Text
from engine.model import Actor
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import only, search
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident; ``activity`` is the element instance of its job, if it has one."""

    key: int
    case: int | None
    definition: int | None
    process: str
    element: str | None
    kind: str
    message_zh: str
    message_en: str
    opened_at: datetime
    resolved: bool
    job: int | None
    activity: int | None


def search_incidents(
    runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria
) -> Found[IncidentLine]:
    """Return the incidents within the actor's reach."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _i.key, criteria, _line)


def find_incident(runtime: Runtime, transaction: Transaction, actor: Actor, incident: int) -> IncidentLine:
    """Return one incident. Raises NotFound when there is none for this actor."""
    found = only(transaction, _visible(runtime, transaction, actor), _i.key, incident, _line)
    if found is None:
        raise NotFound(Text("没有找到这个异常。", "Expected an incident you may see, but there is none here."))
    return found


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    return _SELECT.where(in_scope(_i, reach))


def _line(row: Any) -> IncidentLine:
    return IncidentLine(*tuple(row)[: len(IncidentLine.__slots__)])


_i, _c, _j, _a = t.incident.c, t.case.c, t.job.c, t.activity.c
_RESOLVED = _i.resolved_at.is_not(None)
_JOINED = t.incident.outerjoin(t.case, _c.key == _i.case).outerjoin(t.job, _j.key == _i.job)
_ACTIVITY = sa.select(sa.func.max(_a.key)).where(_a.case == _j.case, _a.token == _j.token).scalar_subquery()
_SELECT = sa.select(
    _i.key, _i.case, _c.definition, _i.process, _i.element, _i.kind, _i.message_zh, _i.message_en, _i.opened_at,
    _RESOLVED, _i.job, _ACTIVITY.label("activity"),
).select_from(_JOINED)  # fmt: skip

COLUMNS: Columns = {
    "incident_key": Column("key", _i.key),
    "process_definition_id": Column("text", _i.process),
    "process_definition_key": Column("key", _c.definition),
    "process_instance_key": Column("key", _i.case),
    "element_id": Column("text", _i.element),
    "job_key": Column("key", _i.job),
    "error_message": Column("text", _i.message_en),
    "state": Column(
        "choice", sa.case((_RESOLVED, "resolved"), else_="open"), {"ACTIVE": "open", "RESOLVED": "resolved"}
    ),
    "creation_time": Column("moment", _i.opened_at),
}

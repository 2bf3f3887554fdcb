"""Which faults wait for somebody to mend them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.queries.page import MOST, Page, read_mark, write_mark
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.incident_filter import JOINED, IncidentFilter, conditions
from engine.store.transaction import Transaction

EVERY = IncidentFilter()


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident; it names its case by number only."""

    key: int
    case: int | None
    number: str | None
    region: str
    process: str
    element: str | None
    element_name: str | None
    kind: str
    message_zh: str
    message_en: str
    opened_at: datetime
    tries: int
    resolved_at: datetime | None
    resolved_by: str | None
    note: str | None
    job: int | None


def incidents(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    resolved: bool = False,
    given: IncidentFilter = EVERY,
    after: str | None = None,
    limit: int = 50,
) -> Page[IncidentRow]:
    """Return open (or resolved) incidents of the filter within the actor's reach, newest first."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    where: list[Any] = [_i.resolved_at.is_not(None) == resolved, *conditions(given, reach, transaction.now)]
    total = transaction.execute(sa.select(sa.func.count()).select_from(JOINED).where(*where)).scalar_one()
    mark = read_mark(after, 1)
    if mark is not None:
        where.append(t.incident.c.key < mark[0])
    size = min(limit, MOST)
    query = _SELECT.where(*where).order_by(t.incident.c.key.desc()).limit(size + 1)
    rows = transaction.every(IncidentRow, query)
    return Page(tuple(rows[:size]), int(total), write_mark(rows[size - 1].key) if len(rows) > size else None)


def of_case(transaction: Transaction, case: int) -> tuple[IncidentRow, ...]:
    """Return the incidents of a case, oldest first."""
    return tuple(transaction.every(IncidentRow, _OF_CASE, {"case_": case}))


_i = t.incident.c
_SELECT = sa.select(
    _i.key, _i.case, t.case.c.number, _i.region, _i.process, _i.element, _i.element_name, _i.kind, _i.message_zh,
    _i.message_en, _i.opened_at, _i.tries, _i.resolved_at, _i.resolved_by, _i.note, _i.job,
).select_from(JOINED)  # fmt: skip
_OF_CASE = _SELECT.where(_i.case == sa.bindparam("case_")).order_by(_i.key)

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
from engine.store.scope import in_scope, within
from engine.store.transaction import Transaction


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
    process: str | None = None,
    element: str | None = None,
    kind: str | None = None,
    region: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[IncidentRow]:
    """Return open (or resolved) incidents within the actor's reach, newest first; ``region`` is a prefix of its code."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    where: list[Any] = [in_scope(t.incident.c, reach), t.incident.c.resolved_at.is_not(None) == resolved]
    wanted = {_i.process: process, _i.element: element, _i.kind: kind}
    where.extend(column == value for column, value in wanted.items() if value)
    if region is not None and region.isdecimal():
        where.append(within(_i.region, region))
    total = transaction.execute(sa.select(sa.func.count()).select_from(t.incident).where(*where)).scalar_one()
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
).select_from(t.incident.outerjoin(t.case, t.case.c.key == _i.case))  # fmt: skip
_OF_CASE = _SELECT.where(_i.case == sa.bindparam("case_")).order_by(_i.key)

"""Which cases are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.queries.joined import CASES
from engine.queries.page import MOST, Page, read_mark, write_mark
from engine.queries.worklist import matching
from engine.runtime import Runtime
from engine.store import cases as stored
from engine.store import tables as t
from engine.store.scope import in_scope, within
from engine.store.transaction import Transaction

SUSPENDED = "suspended"

@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a line of a list."""

    key: int
    number: str
    title: str
    process: str
    process_name: str
    region: str
    region_name: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    end_name: str | None
    started_by: str


def cases(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    q: str = "",
    status: str | None = None,
    process: str | None = None,
    region: str | None = None,
    element: str | None = None,
    overdue: bool = False,
    of: str | None = None,
    handled_by_me: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[CaseRow]:
    """Return cases within the actor's reach, newest first.

    ``q`` is a number, name, phone or identity number; ``element`` (with ``process``) keeps the open cases that are there
    now (``overdue``: past their due time there); of cases that call that process, those of the process ``of``.
    """
    where = _conditions(runtime, transaction, actor, q, status, region)
    if element:
        where += [_is_at(transaction, process, element, overdue), t.case.c.status == "open"]
    else:
        where += [t.case.c.process == process] if process else []
        where += [_is_late(transaction)] if overdue else []
    if of:
        where.append(t.case.c.process == of)
    if handled_by_me:
        mine = sa.select(t.user_task.c.case).where(t.user_task.c.closed_by == actor.person)
        where.append(t.case.c.key.in_(mine))
    total = transaction.execute(sa.select(sa.func.count()).select_from(t.case).where(*where)).scalar_one()
    mark = read_mark(after, 1)
    if mark is not None:
        where.append(t.case.c.key < mark[0])
    size = min(limit, MOST)
    found = transaction.execute(_SELECT.where(*where).limit(size + 1)).all()
    rows = tuple(_row(runtime, row) for row in found[:size])
    return Page(rows, int(total), write_mark(rows[-1].key) if len(found) > size else None)


def _conditions(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    q: str,
    status: str | None,
    region: str | None,
) -> list[Any]:
    where: list[Any] = [in_scope(t.case.c, scope(runtime.published(transaction).roles, actor, "see_case"))]
    if q.strip():
        where.append(matching(runtime, q.strip()))
    if status == SUSPENDED:
        where += [t.case.c.status == "open", t.case.c.suspended > 0]
    elif status:
        where.append(t.case.c.status == status)
    if region and region.isdigit():
        where.append(within(t.case.c.region, region))
    return where


def _is_at(transaction: Transaction, process: str | None, element: str, overdue: bool) -> sa.ColumnElement[bool]:
    here = sa.select(t.activity.c.case).where(
        t.activity.c.element == element, t.activity.c.process == process, t.activity.c.left_at.is_(None)
    )
    late = here.where(t.activity.c.due_at <= transaction.now)
    return t.case.c.key.in_(late if overdue else here)


def _is_late(transaction: Transaction) -> sa.ColumnElement[bool]:
    late = sa.select(t.user_task.c.case).where(t.user_task.c.status == "open", t.user_task.c.due_at <= transaction.now)
    return t.case.c.key.in_(late)


def _row(runtime: Runtime, row: Any) -> CaseRow:
    return CaseRow(
        key=row.key,
        number=row.number,
        title=stored.open_title(runtime.keyring, row.key, row.title),
        process=row.process,
        process_name=row.process_name,
        region=row.region,
        region_name=runtime.regions.name(row.region),
        status=row.status,
        started_at=row.started_at,
        ended_at=row.ended_at,
        end_name=row.end_name,
        started_by=row.started_by,
    )


_c = t.case.c
_SELECT = (
    sa.select(
        _c.key, _c.number, _c.title, _c.process, t.definition.c.name.label("process_name"), _c.region, _c.status,
        _c.started_at, _c.ended_at, _c.end_name, _c.started_by,
    )
    .select_from(CASES)
    .order_by(_c.key.desc())
)  # fmt: skip

"""What is there for me to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from engine.access import scope
from engine.errors import Text
from engine.model import SOUGHT_BY, Actor
from engine.queries.due import Due, due
from engine.queries.item_words import named_with_item
from engine.queries.joined import TASKS
from engine.queries.offered_to import offered_to
from engine.queries.offers import OFFERED, offered_besides, offered_by_role
from engine.queries.page import MOST, Page, read_mark, write_mark
from engine.runtime import Runtime
from engine.store import cases
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.transaction import Transaction

Show = Literal["mine", "roles", "all"]
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One open user task as a line of the list."""

    task: int
    case: int
    number: str
    title: str
    name: str
    process: str
    process_name: str
    region: str
    region_name: str
    role: str | None
    role_name: Text
    assignee: int | None
    assignee_name: str | None
    created_at: datetime
    due: Due | None
    priority: int
    revision: int
    mine: bool
    suspended: bool


def worklist(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    show: Show = "roles",
    process: str | None = None,
    overdue: bool = False,
    q: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[WorklistRow]:
    """Return open tasks, those due first on top.

    ``mine``: claimed by me; ``roles``: mine and the unclaimed ones offered to my roles; ``all``: everything offered
    to my roles and what I may see in my region. ``q`` is a case number, a name, phone or identity number.
    """
    conditions = _conditions(runtime, transaction, actor, show)
    if process:
        conditions.append(t.case.c.process == process)
    if overdue:
        conditions.append(t.user_task.c.due_at <= transaction.now)
    if q.strip():
        conditions.append(matching(runtime, q.strip()))
    total = transaction.execute(sa.select(sa.func.count()).select_from(TASKS).where(*conditions)).scalar_one()
    mark = read_mark(after, 2)
    if mark is not None:
        conditions.append(sa.tuple_(_DUE_ORDER, t.user_task.c.key) > sa.tuple_(*(sa.literal(v, t.Key) for v in mark)))
    size = min(limit, MOST)
    found = transaction.execute(_SELECT.where(*conditions).limit(size + 1)).all()
    rows = tuple(_row(runtime, transaction, actor, row) for row in found[:size])
    return Page(
        rows, int(total), write_mark(found[size - 1].due_order, found[size - 1].key) if len(found) > size else None
    )


def matching(runtime: Runtime, q: str) -> sa.ColumnElement[bool]:
    """Return the condition that a case has this number, or is found by this name, phone or identity number."""
    blinds = [runtime.keyring.blind(kind, q) for kind in SOUGHT_BY]
    indexed = sa.select(t.case_index.c.case).where(t.case_index.c.blind.in_(blinds))
    return sa.or_(t.case.c.number == q, t.case.c.key.in_(indexed))


def _conditions(runtime: Runtime, transaction: Transaction, actor: Actor, show: Show) -> list[sa.ColumnElement[bool]]:
    # Every part of the union finds its tasks by an index of its own; a condition of all parts would read every task.
    mine = sa.select(_o.key).where(_o.status == "open", _o.assignee.is_not(None), _o.assignee == actor.person)
    roles = runtime.published(transaction).roles
    reach = scope(roles, actor, "work")
    theirs = [*offered_by_role(reach), offered_besides(reach)]
    if show == "mine":
        parts = [mine]
    elif show == "roles":
        parts = [mine, *(one.where(_o.assignee.is_(None)) for one in theirs)]
    else:
        here = in_scope(t.case.c, scope(roles, actor, "see_case"))
        parts = [mine, *theirs, sa.select(_o.key).join(t.case, t.case.c.key == _o.case).where(_o.status == "open", here)]
    return [t.user_task.c.key.in_(sa.union_all(*parts))]


def _row(runtime: Runtime, transaction: Transaction, actor: Actor, row: sa.Row) -> WorklistRow:  # type: ignore[type-arg]  # columns differ
    published = runtime.published(transaction)
    return WorklistRow(
        task=row.key,
        case=row.case,
        number=row.number,
        title=cases.open_title(runtime.keyring, row.case, row.title),
        name=named_with_item(runtime, row.name, row.item),
        process=row.case_process,
        process_name=row.process_name,
        region=row.case_region,
        region_name=runtime.regions.name(row.case_region),
        role=row.role,
        role_name=offered_to(published.roles, row.role, row.others),
        assignee=row.assignee,
        assignee_name=row.assignee_name,
        created_at=row.created_at,
        due=due(published.calendar, transaction.now, row.due_at, row.provisional),
        priority=row.priority,
        revision=row.revision,
        mine=row.assignee is not None and row.assignee == actor.person,
        suspended=row.suspended > 0,
    )


_o = OFFERED.c
_DUE_ORDER = sa.func.coalesce(
    sa.type_coerce(t.user_task.c.due_at, t.Key),
    round((_NEVER - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)),
)
_SELECT = (
    sa.select(
        t.user_task.c.key, t.user_task.c.case, t.case.c.number, t.case.c.title, t.user_task.c.name, t.user_task.c.item,
        t.case.c.process.label("case_process"), t.definition.c.name.label("process_name"),
        t.case.c.region.label("case_region"), t.user_task.c.role, t.user_task.c.others, t.user_task.c.assignee, t.user_task.c.assignee_name,
        t.user_task.c.created_at, t.user_task.c.due_at, t.user_task.c.provisional, t.user_task.c.priority,
        t.user_task.c.revision, t.case.c.suspended, _DUE_ORDER.label("due_order"),
    )
    .select_from(TASKS)
    .order_by(_DUE_ORDER, t.user_task.c.key)
)  # fmt: skip

"""Which open cases have waited longest, why, and who can free them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import Subject, may, scope
from engine.errors import Text
from engine.model import Actor
from engine.queries.due import Due, due
from engine.queries.joined import TASKS
from engine.queries.offered_to import offered_to
from engine.queries.page import MOST, Page, read_mark, write_mark
from engine.runtime import Runtime
from engine.store import cases, people
from engine.store import tables as t
from engine.store.people import PersonRow
from engine.store.scope import in_scope, within
from engine.store.transaction import Transaction

_MOST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class StuckRow:
    """An open task that holds its case up: since when, how late, whose it is, who else could do it."""

    task: int
    case: int
    number: str
    title: str
    process_name: str
    name: str
    region: str
    region_name: str
    role_name: Text
    waiting_since: datetime
    due: Due | None
    assignee_name: str | None
    can_free: tuple[str, ...]


def stuck(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    process: str | None = None,
    region: str | None = None,
    overdue: bool = False,
    after: str | None = None,
    limit: int = 20,
) -> Page[StuckRow]:
    """Return the open tasks within the manager's reach, the one that waits longest first."""
    keys = sa.select(OPEN.c.key).join(t.case, t.case.c.key == OPEN.c.case).where(
        OPEN.c.status == "open", in_scope(t.case.c, scope(runtime.published(transaction).roles, actor, "watch"))
    )  # fmt: skip
    if process:
        keys = keys.where(t.case.c.process == process)
    if region and region.isdigit():
        keys = keys.where(within(t.case.c.region, region))
    if overdue:
        keys = keys.where(OPEN.c.due_at <= transaction.now)
    total = transaction.execute(sa.select(sa.func.count()).select_from(keys.subquery())).scalar_one()
    mark = read_mark(after, 1)
    later = [t.user_task.c.key > mark[0]] if mark is not None else []
    size = min(limit, MOST)
    found = transaction.execute(_SELECT.where(t.user_task.c.key.in_(keys), *later).limit(size + 1)).all()
    everyone = people.everyone(transaction)
    rows = tuple(_row(runtime, transaction, everyone, row) for row in found[:size])
    return Page(rows, int(total), write_mark(rows[-1].task) if len(found) > size else None)


def _row(runtime: Runtime, transaction: Transaction, everyone: tuple[PersonRow, ...], row: Any) -> StuckRow:
    published = runtime.published(transaction)
    subject = Subject(
        row.task_region, row.role, people=tuple(row.people.split()), others=people.parse_grants(row.others)
    )
    fitting = (one.name for one in everyone if one.active and may(published.roles, people.actor(one), "work", subject))
    return StuckRow(
        task=row.key,
        case=row.case,
        number=row.number,
        title=cases.open_title(runtime.keyring, row.case, row.title),
        process_name=row.process_name,
        name=row.name,
        region=row.region,
        region_name=runtime.regions.name(row.region),
        role_name=offered_to(published.roles, row.role, row.others),
        waiting_since=row.created_at,
        due=due(published.calendar, transaction.now, row.due_at, row.provisional),
        assignee_name=row.assignee_name,
        can_free=tuple(name for name, _ in zip(fitting, range(_MOST_PEOPLE), strict=False)),
    )


# Under a name of its own: it picks the keys for a list of that very table.
OPEN = t.user_task.alias("open_task")
_SELECT = (
    sa.select(
        t.user_task.c.key, t.user_task.c.case, t.case.c.number, t.case.c.title,
        t.definition.c.name.label("process_name"), t.user_task.c.name, t.case.c.region,
        t.user_task.c.region.label("task_region"), t.user_task.c.role, t.user_task.c.others, t.user_task.c.people,
        t.user_task.c.created_at, t.user_task.c.due_at, t.user_task.c.provisional, t.user_task.c.assignee_name,
    )
    .select_from(TASKS)
    .order_by(t.user_task.c.key)
)  # fmt: skip

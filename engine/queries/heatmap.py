"""Where are cases stuck: by step on the diagram and by place, from the flat history alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope, within
from engine.store.transaction import Transaction

# Containers would count a case twice: once for the step, once for the call around it.
_COUNTED = ("userTask", "serviceTask", "sendTask", "receiveTask", "intermediateCatchEvent")


@dataclass(frozen=True, slots=True)
class HeatElement:
    """The open cases at one step."""

    process: str
    element: str
    name: str
    kind: str
    open: int
    overdue: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class HeatRegion:
    """The open cases of one place."""

    region: str
    name: str
    open: int
    overdue: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Open cases by step and by place; ``open`` counts cases, steps count waiting activities."""

    process: str
    open: int
    overdue: int
    elements: tuple[HeatElement, ...]
    regions: tuple[HeatRegion, ...]


def heatmap(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    process: str,
    region: str | None = None,
) -> Heatmap:
    """Return the open cases of a process within the manager's reach; ``region`` narrows to a prefix."""
    where = [
        t.case.c.process == process,
        t.case.c.status == "open",
        in_scope(t.case.c, scope(runtime.published(transaction).roles, actor, "watch")),
    ]
    if region and region.isdigit():
        where.append(within(t.case.c.region, region))
    regions = _regions(runtime, transaction, where)
    return Heatmap(
        process=process,
        open=sum(place.open for place in regions),
        overdue=sum(place.overdue for place in regions),
        elements=_elements(transaction, where),
        regions=regions,
    )


def _elements(transaction: Transaction, where: list[Any]) -> tuple[HeatElement, ...]:
    now = transaction.now
    query = (
        sa.select(
            _a.process, _a.element, sa.func.max(_a.name), _a.kind,
            sa.func.count(sa.distinct(_a.case)).label("open"),
            sa.func.count(sa.distinct(sa.case((_a.due_at <= now, _a.case)))).label("overdue"),
            sa.func.min(_a.entered_at, type_=t.Instant),
        )
        .select_from(t.activity.join(t.case, t.case.c.key == _a.case))
        .where(*where, _a.left_at.is_(None), _a.kind.in_(_COUNTED))
        .group_by(_a.process, _a.element, _a.kind)
        .order_by(sa.desc("open"))
    )  # fmt: skip
    return tuple(transaction.every(HeatElement, query))


def _regions(runtime: Runtime, transaction: Transaction, where: list[Any]) -> tuple[HeatRegion, ...]:
    late = sa.select(t.user_task.c.case).where(t.user_task.c.status == "open", t.user_task.c.due_at <= transaction.now)
    query = (
        sa.select(
            t.case.c.region,
            sa.func.count().label("open"),
            sa.func.sum(sa.case((t.case.c.key.in_(late), 1), else_=0)),
            sa.func.min(t.case.c.started_at, type_=t.Instant),
        )
        .where(*where)
        .group_by(t.case.c.region)
        .order_by(sa.desc("open"), t.case.c.region)
    )
    rows = (tuple(row) for row in transaction.execute(query))
    return tuple(HeatRegion(row[0], runtime.regions.name(row[0]), row[1], int(row[2]), row[3]) for row in rows)


_a = t.activity.c

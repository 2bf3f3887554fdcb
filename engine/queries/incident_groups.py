"""Where open faults pile up: so many at this step of this process, the oldest since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.transaction import Transaction

MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class IncidentGroup:
    """The open incidents of one kind at one element."""

    process: str
    element: str | None
    element_name: str | None
    kind: str
    count: int
    oldest: datetime


def incident_groups(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[IncidentGroup, ...]:
    """Return the open incidents within the actor's reach by step and kind, the largest of at most 50 groups first."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    query = _GROUPS.where(in_scope(_i, reach))
    return tuple(transaction.every(IncidentGroup, query))


_i = t.incident.c
_count = sa.func.count().label("count")
_GROUPS = (
    sa.select(
        _i.process, _i.element, sa.func.max(_i.element_name).label("element_name"), _i.kind, _count,
        sa.func.min(_i.opened_at, type_=t.Instant).label("oldest"),
    )
    .where(_i.resolved_at.is_(None))
    .group_by(_i.process, _i.element, _i.kind)
    .order_by(_count.desc(), _i.process, _i.element)
    .limit(MOST_GROUPS)
)  # fmt: skip

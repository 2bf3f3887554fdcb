"""Batches of repairs: how far one is, and what it could not do and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from engine.access import covers_all, scope
from engine.errors import Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_repair
from engine.store import repairs
from engine.store import tables as t
from engine.store.repairs import NOT_DONE, WAITING, WORKING, RepairRow
from engine.store.scope import in_scope
from engine.store.transaction import Transaction

MOST = 500


@dataclass(frozen=True, slots=True)
class LeftOver:
    """An incident that was not mended, and why; its case by number."""

    incident: int
    case: int | None
    number: str | None
    element_name: str | None
    message: Text


@dataclass(frozen=True, slots=True)
class RepairPage:
    """One batch: how many incidents are how far, and at most 500 that were not mended."""

    row: RepairRow
    counts: Mapping[str, int]
    left_over: tuple[LeftOver, ...]

    @property
    def total(self) -> int:
        """Return how many incidents the batch has."""
        return sum(self.counts.values())

    @property
    def to_do(self) -> int:
        """Return how many are still to be done."""
        return self.counts.get(WAITING, 0) if self.row.status == WORKING else 0


def repair_page(runtime: Runtime, transaction: Transaction, actor: Actor, key: int) -> RepairPage:
    """Return one batch. Raises NotFound when it reaches further than the actor."""
    reach = scope(runtime.published(transaction).roles, actor, "repair")
    row = repairs.find(transaction, key)
    if row is None or not covers_all(reach.regions, row.regions):
        raise unknown_repair()
    counts: dict[str, int] = dict(tuple(one) for one in transaction.execute(_COUNTS, {"key_": key}))
    seen = transaction.execute(_LEFT_OVER.where(in_scope(t.incident.c, reach)), {"key_": key})
    left = tuple(
        LeftOver(one.incident, one.case, one.number, one.element_name, Text(one.message_zh, one.message_en))
        for one in seen
    )
    return RepairPage(row, counts, left)


def repair_list(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[RepairRow, ...]:
    """Return the batches within the actor's reach, newest first; of the last 500."""
    reach = scope(runtime.published(transaction).roles, actor, "repair")
    return tuple(row for row in transaction.every(RepairRow, _LIST) if covers_all(reach.regions, row.regions))


_n, _i = t.repair_item.c, t.incident.c
_COUNTS = (
    sa.select(_n.status, sa.func.count().label("count")).where(_n.repair == sa.bindparam("key_")).group_by(_n.status)
)
_LEFT_OVER = (
    sa.select(_n.incident, _n.case, t.case.c.number, _i.element_name, _n.message_zh, _n.message_en)
    .select_from(t.repair_item.join(t.incident, _i.key == _n.incident).outerjoin(t.case, t.case.c.key == _n.case))
    .where(_n.repair == sa.bindparam("key_"), _n.status == NOT_DONE)
    .order_by(_n.incident)
    .limit(MOST)
)
_LIST = sa.select(*(t.repair.c[name] for name in RepairRow.__slots__)).order_by(t.repair.c.key.desc()).limit(MOST)

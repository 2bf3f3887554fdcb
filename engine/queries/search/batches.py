"""Batches of moved cases, and their cases, as programs list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import only, search
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_migration
from engine.store import tables as t
from engine.store.case_migrations import EXAMINED, FAILED, GONE, KEPT, MOVABLE, MOVED, REFUSED, UNDONE, WAITING
from engine.store.scope import in_scope
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch: how many cases it has, how many of them moved, how many could not."""

    key: int
    state: str
    created_at: datetime
    person: int | None
    person_name: str
    total: int
    moved: int
    failed: int


@dataclass(frozen=True, slots=True)
class BatchItemLine:
    """One case of a batch; ``obstacles`` as they are stored, the fault in both languages."""

    batch: int
    case: int
    state: str
    obstacles: str
    fault_zh: str
    fault_en: str


def search_batches(runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria) -> Found[BatchLine]:
    """Return the batches of the actor's reach."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _m.key, criteria, _line)


def find_batch(runtime: Runtime, transaction: Transaction, actor: Actor, batch: int) -> BatchLine:
    """Return one batch. Raises NotFound when there is none for this actor."""
    found = only(transaction, _visible(runtime, transaction, actor), _m.key, batch, _line)
    if found is None:
        raise unknown_migration()
    return found


def search_batch_items(
    runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria
) -> Found[BatchItemLine]:
    """Return the cases of batches within the actor's reach."""
    reach = scope(runtime.published(transaction).roles, actor, "migrate")
    select = _ITEMS.where(in_scope(t.case.c, reach))
    return search(transaction, select, ITEM_COLUMNS, _c.case, criteria, _item)


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    regions = scope(runtime.published(transaction).roles, actor, "migrate").regions
    # A batch belongs to the area of who ordered it: whoever reaches everything sees all, others those of their own.
    return _BATCHES if "" in regions else _BATCHES.where(_m.regions == " ".join(regions))


def _line(row: Any) -> BatchLine:
    return BatchLine(*tuple(row)[: len(BatchLine.__slots__)])


def _item(row: Any) -> BatchItemLine:
    return BatchItemLine(*tuple(row)[: len(BatchItemLine.__slots__)])


_m, _c = t.migration.c, t.migration_case.c


def _cases(*statuses: str) -> Any:
    query = sa.select(sa.func.count()).select_from(t.migration_case).where(_c.migration == _m.key)
    return (query.where(_c.status.in_(statuses)) if statuses else query).scalar_subquery()


_FAILED = _cases(REFUSED, FAILED)
_STATE = sa.case(
    (_m.status == EXAMINED, "CREATED"),
    (_m.status == UNDONE, "CANCELED"),
    (sa.and_(_m.status == MOVED, _FAILED > 0), "PARTIALLY_COMPLETED"),
    (_m.status == MOVED, "COMPLETED"),
    else_="ACTIVE",
)
_ITEM_STATE = sa.case(
    (_c.status.in_((WAITING, MOVABLE)), "ACTIVE"),
    (_c.status.in_((REFUSED, FAILED)), "FAILED"),
    (_c.status == GONE, "SKIPPED"),
    (_c.status == UNDONE, "CANCELED"),
    else_="COMPLETED",
)
_BATCHES = sa.select(
    _m.key, _STATE, _m.created_at, _m.person, _m.person_name, _cases(), _cases(MOVED, KEPT), _FAILED,
)  # fmt: skip
_ITEMS = sa.select(
    _c.migration, _c.case, _ITEM_STATE, _c.obstacles, _c.fault_zh, _c.fault_en
).select_from(t.migration_case.join(t.case, t.case.c.key == _c.case))  # fmt: skip


def _words(*words: str) -> dict[str, str]:
    return {word: word for word in words}


_TYPE = Column("choice", sa.literal("MIGRATE_PROCESS_INSTANCE"), _words("MIGRATE_PROCESS_INSTANCE"), sortable=False)
COLUMNS: Columns = {
    "batch_operation_key": Column("key", _m.key),
    "operation_type": _TYPE,
    "state": Column("choice", _STATE, _words("CREATED", "ACTIVE", "COMPLETED", "PARTIALLY_COMPLETED", "CANCELED")),
    "start_date": Column("moment", _m.created_at),
    "actor_id": Column("text", _m.person_name),
}
ITEM_COLUMNS: Columns = {
    "batch_operation_key": Column("key", _c.migration),
    "operation_type": _TYPE,
    "item_key": Column("key", _c.case),
    "process_instance_key": Column("key", _c.case),
    "state": Column("choice", _ITEM_STATE, _words("ACTIVE", "COMPLETED", "SKIPPED", "CANCELED", "FAILED")),
}

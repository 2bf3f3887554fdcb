"""Batches of moved cases and of mended incidents, and what is in them, as programs list them."""

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
from engine.store import repairs
from engine.store import tables as t
from engine.store.case_migrations import EXAMINED, FAILED, GONE, KEPT, MOVABLE, MOVED, REFUSED, UNDONE, WAITING
from engine.store.scope import in_scope
from engine.store.transaction import Transaction

MIGRATE, RESOLVE, CANCEL = "MIGRATE_PROCESS_INSTANCE", "RESOLVE_INCIDENT", "CANCEL_PROCESS_INSTANCE"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch: how many cases or incidents it has, how many of them are done, how many could not be."""

    key: int
    type: str
    state: str
    created_at: datetime
    ended_at: datetime | None
    person: int | None
    person_name: str
    total: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class BatchItemLine:
    """One case or incident of a batch; ``obstacles`` as they are stored, the fault in both languages."""

    batch: int
    type: str
    item: int
    case: int | None
    state: str
    obstacles: str
    fault_zh: str
    fault_en: str


def search_batches(runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria) -> Found[BatchLine]:
    """Return the batches of the actor's reach."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _b.key, criteria, _line)


def find_batch(runtime: Runtime, transaction: Transaction, actor: Actor, batch: int) -> BatchLine:
    """Return one batch. Raises NotFound when there is none for this actor."""
    found = only(transaction, _visible(runtime, transaction, actor), _b.key, batch, _line)
    if found is None:
        raise unknown_migration()
    return found


def search_batch_items(
    runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria
) -> Found[BatchItemLine]:
    """Return the cases of batches within the actor's reach."""
    roles = runtime.published(transaction).roles
    moved = _MOVED_CASES.where(in_scope(t.case.c, scope(roles, actor, "migrate")))
    mended = _MENDED.where(in_scope(t.incident.c, scope(roles, actor, "repair")))
    both = sa.union_all(moved, mended).subquery()
    # The columns of the list are those of the union without reach; both have the same names.
    found = sa.select(*_e).where(sa.tuple_(_e.batch, _e.item).in_(sa.select(both.c.batch, both.c.item)))
    return search(transaction, found, ITEM_COLUMNS, _e.item, criteria, _item)


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    """A batch belongs to the area of who ordered it: whoever reaches everything sees all, others those of their own."""
    roles = runtime.published(transaction).roles
    allowed: list[sa.ColumnElement[bool]] = [sa.false()]
    for action, kinds in (("migrate", (MIGRATE,)), ("repair", (RESOLVE, CANCEL))):
        regions = scope(roles, actor, action).regions
        if regions:
            mine = sa.true() if "" in regions else _b.regions == " ".join(regions)
            allowed.append(sa.and_(_b.type.in_(kinds), mine))
    return sa.select(*_b).where(sa.or_(*allowed))


def _line(row: Any) -> BatchLine:
    return BatchLine(*tuple(row)[: len(BatchLine.__slots__)])


def _item(row: Any) -> BatchItemLine:
    return BatchItemLine(*tuple(row)[: len(BatchItemLine.__slots__)])


_m, _c, _r, _n = t.migration.c, t.migration_case.c, t.repair.c, t.repair_item.c


def _cases(*statuses: str) -> Any:
    query = sa.select(sa.func.count()).select_from(t.migration_case).where(_c.migration == _m.key)
    return (query.where(_c.status.in_(statuses)) if statuses else query).scalar_subquery()


def _incidents(*statuses: str) -> Any:
    query = sa.select(sa.func.count()).select_from(t.repair_item).where(_n.repair == _r.key)
    return (query.where(_n.status.in_(statuses)) if statuses else query).scalar_subquery()


_FAILED, _NOT_MENDED = _cases(REFUSED, FAILED), _incidents(repairs.NOT_DONE)
_STATE = sa.case(
    (_m.status == EXAMINED, "CREATED"),
    (_m.status == UNDONE, "CANCELED"),
    (sa.and_(_m.status == MOVED, _FAILED > 0), "PARTIALLY_COMPLETED"),
    (_m.status == MOVED, "COMPLETED"),
    else_="ACTIVE",
)
_REPAIR_STATE = sa.case(
    (_r.status == repairs.STOPPED, "CANCELED"),
    (sa.and_(_r.status == repairs.FINISHED, _NOT_MENDED > 0), "PARTIALLY_COMPLETED"),
    (_r.status == repairs.FINISHED, "COMPLETED"),
    else_="ACTIVE",
)
_ITEM_STATE = sa.case(
    (_c.status.in_((WAITING, MOVABLE)), "ACTIVE"),
    (_c.status.in_((REFUSED, FAILED)), "FAILED"),
    (_c.status == GONE, "SKIPPED"),
    (_c.status == UNDONE, "CANCELED"),
    else_="COMPLETED",
)
_REPAIR_ITEM_STATE = sa.case(
    (_n.status == repairs.NOT_DONE, "FAILED"),
    (_n.status == repairs.DONE, "COMPLETED"),
    (_r.status == repairs.STOPPED, "CANCELED"),
    else_="ACTIVE",
)
_REPAIR_TYPE = sa.case((_r.action == repairs.CANCEL, CANCEL), else_=RESOLVE)
_b = sa.union_all(
    sa.select(
        _m.key, sa.literal(MIGRATE).label("type"), _STATE.label("state"), _m.created_at,
        sa.literal(None, type_=t.Instant).label("ended_at"), _m.person, _m.person_name, _cases().label("total"),
        _cases(MOVED, KEPT).label("done"), _FAILED.label("failed"), _m.regions,
    ),
    sa.select(
        _r.key, _REPAIR_TYPE, _REPAIR_STATE, _r.created_at, _r.finished_at, _r.person, _r.person_name, _incidents(),
        _incidents(repairs.DONE), _NOT_MENDED, _r.regions,
    ),
).subquery().c  # fmt: skip
_MOVED_CASES = sa.select(
    _c.migration.label("batch"), sa.literal(MIGRATE).label("type"), _c.case.label("item"), _c.case.label("case"),
    _ITEM_STATE.label("state"), _c.obstacles, _c.fault_zh, _c.fault_en,
).select_from(t.migration_case.join(t.case, t.case.c.key == _c.case))  # fmt: skip
_MENDED = sa.select(
    _n.repair.label("batch"), _REPAIR_TYPE.label("type"), _n.incident.label("item"), _n.case.label("case"),
    _REPAIR_ITEM_STATE.label("state"), sa.literal("").label("obstacles"), _n.message_zh, _n.message_en,
).select_from(
    t.repair_item.join(t.repair, _r.key == _n.repair).join(t.incident, t.incident.c.key == _n.incident)
)  # fmt: skip
_e = sa.union_all(_MOVED_CASES, _MENDED).subquery().c


def _words(*words: str) -> dict[str, str]:
    return {word: word for word in words}


_TYPES = _words(MIGRATE, RESOLVE, CANCEL)
COLUMNS: Columns = {
    "batch_operation_key": Column("key", _b.key),
    "operation_type": Column("choice", _b.type, _TYPES),
    "state": Column("choice", _b.state, _words("CREATED", "ACTIVE", "COMPLETED", "PARTIALLY_COMPLETED", "CANCELED")),
    "start_date": Column("moment", _b.created_at),
    "end_date": Column("moment", _b.ended_at),
    "actor_id": Column("text", _b.person_name),
}
ITEM_COLUMNS: Columns = {
    "batch_operation_key": Column("key", _e.batch),
    "operation_type": Column("choice", _e.type, _TYPES),
    "item_key": Column("key", _e.item),
    "process_instance_key": Column("key", _e.case),
    "state": Column("choice", _e.state, _words("ACTIVE", "COMPLETED", "SKIPPED", "CANCELED", "FAILED")),
}

"""Many incidents mended in one go: which action, whose, and what has become of each incident."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.access import Scope
from engine.errors import Text
from engine.store import tables as t
from engine.store.incident_filter import JOINED, IncidentFilter, conditions
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack

RETRY, SKIP, UPDATE, CANCEL = "retry", "skip", "update", "cancel"
ACTIONS = (RETRY, SKIP, UPDATE, CANCEL)
WORKING, FINISHED, STOPPED = "working", "finished", "stopped"
WAITING, DONE, NOT_DONE = "waiting", "done", "not done"


@dataclass(frozen=True, slots=True)
class RepairRow:
    """One batch; ``undo`` says that cancelled cases undo what they have completed."""

    key: int
    action: str
    filter: str
    variables: bytes | None
    undo: bool
    reason: str
    regions: str
    status: str
    person: int
    person_name: str
    created_at: datetime
    finished_at: datetime | None

    def given(self) -> IncidentFilter:
        """Return which incidents were asked for."""
        return msgspec.json.decode(self.filter, type=IncidentFilter)


@dataclass(frozen=True, slots=True)
class RepairItem:
    """One incident of a batch and why it was not mended."""

    repair: int
    incident: int
    case: int | None
    status: str
    message_zh: str
    message_en: str


def packed_filter(given: IncidentFilter) -> str:
    """Return the filter as it is stored."""
    return msgspec.json.encode(given).decode()


def sealed_variables(keyring: Keyring, key: int, values: Mapping[str, Any]) -> bytes | None:
    """Return the variables sealed for their batch, None where there are none."""
    return keyring.seal(pack(dict(values)), _place(key)) if values else None


def variables_of(keyring: Keyring, row: RepairRow) -> Mapping[str, Any]:
    """Return the variables that the batch brings into each case."""
    return unpack(keyring.open(row.variables, _place(row.key))) if row.variables else {}


def insert(transaction: Transaction, row: RepairRow, reach: Scope, cases: Collection[int] | None = None) -> int:
    """Write a batch with every open incident of its filter, of these cases, within reach; return how many those are."""
    transaction.execute(t.repair.insert(), {name: getattr(row, name) for name in RepairRow.__slots__})
    fixed = {"status": WAITING, "message_zh": "", "message_en": ""}
    columns = (sa.literal(row.key), _i.key, _i.case, *(sa.literal(value) for value in fixed.values()))
    where = conditions(row.given(), reach, transaction.now)
    if cases is not None:
        where.append(_i.case.in_(cases))
    found = sa.select(*columns).select_from(JOINED).where(_i.resolved_at.is_(None), *where)
    transaction.execute(t.repair_item.insert().from_select(["repair", "incident", "case", *fixed], found))
    return int(transaction.execute(_HOW_MANY, {"key_": row.key}).scalar_one())


def find(transaction: Transaction, key: int) -> RepairRow | None:
    """Return a batch."""
    return transaction.first(RepairRow, _FIND, {"key_": key})


def lock(transaction: Transaction, key: int) -> RepairRow | None:
    """Return a batch, locked for change."""
    return transaction.first(RepairRow, _FIND.with_for_update(), {"key_": key})


def under_way(transaction: Transaction) -> RepairRow | None:
    """Return the oldest batch that has something to do."""
    return transaction.first(RepairRow, _UNDER_WAY)


def finish(transaction: Transaction, key: int, status: str) -> None:
    """Say that a batch is over: ``finished`` or ``stopped``."""
    transaction.execute(_FINISH, {"key_": key, "status": status, "finished_at": transaction.now})


def next_incidents(transaction: Transaction, key: int, most: int) -> list[int]:
    """Return incidents of the batch that nothing was done with."""
    return list(transaction.execute(_NEXT, {"key_": key, "most": most}).scalars())


def lock_item(transaction: Transaction, key: int, incident: int) -> RepairItem | None:
    """Return the incident's item, locked, while nothing was done with it and nobody else is at it."""
    return transaction.first(RepairItem, _LOCK_ITEM, {"key_": key, "incident_": incident})


def settle(transaction: Transaction, item: RepairItem, status: str, why: Text | None = None) -> None:
    """Write what has become of an item."""
    values = {
        "key_": item.repair, "incident_": item.incident, "status": status,
        "message_zh": why.zh if why else "", "message_en": why.en if why else "",
    }  # fmt: skip
    transaction.execute(_SETTLE, values)


def _place(key: int) -> bytes:
    return b"repair:%d" % key


_r, _n, _i = t.repair.c, t.repair_item.c, t.incident.c
_COLUMNS = tuple(_r[name] for name in RepairRow.__slots__)
_FIND = sa.select(*_COLUMNS).where(_r.key == sa.bindparam("key_"))
_UNDER_WAY = sa.select(*_COLUMNS).where(_r.status == WORKING).order_by(_r.key).limit(1)
_HOW_MANY = sa.select(sa.func.count()).select_from(t.repair_item).where(_n.repair == sa.bindparam("key_"))
_FINISH = (
    t.repair.update()
    .where(_r.key == sa.bindparam("key_"))
    .values({name: sa.bindparam(name) for name in ("status", "finished_at")})
)
_NEXT = (
    sa.select(_n.incident)
    .where(_n.repair == sa.bindparam("key_"), _n.status == WAITING)
    .order_by(_n.incident)
    .limit(sa.bindparam("most"))
)
_THIS = (_n.repair == sa.bindparam("key_"), _n.incident == sa.bindparam("incident_"))
_LOCK_ITEM = (
    sa.select(*(_n[name] for name in RepairItem.__slots__))
    .where(*_THIS, _n.status == WAITING)
    .with_for_update(skip_locked=True)
)
_SETTLE = (
    t.repair_item.update()
    .where(*_THIS)
    .values({name: sa.bindparam(name) for name in ("status", "message_zh", "message_en")})
)

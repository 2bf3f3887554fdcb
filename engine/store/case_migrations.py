"""Batches of cases that are moved to another version of their process, and how far each case of a batch is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.access import Scope
from engine.model import Iteration, Obstacle
from engine.store import tables as t
from engine.store.scope import visible, within
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack

# What a batch is doing: each case is looked at, then moved, then perhaps moved back.
EXAMINING, EXAMINED, MOVING, MOVED, UNDOING, UNDONE = (
    "examining", "examined", "moving", "moved", "undoing", "undone",
)  # fmt: skip
# What has happened to a case of a batch.
WAITING, MOVABLE, REFUSED, FAILED, GONE = "waiting", "movable", "refused", "failed", "gone"
KEPT = "kept"
NEXT = {EXAMINING: (WAITING, EXAMINED), MOVING: (MOVABLE, MOVED), UNDOING: (MOVED, UNDONE)}
UNDER_WAY = tuple(NEXT)


@dataclass(frozen=True, slots=True)
class MigrationRow:
    """One batch: from and to which version, by which map, whose, and how far it is; times in Shanghai."""

    key: int
    process: str
    source: int
    target: int
    elements: str
    replan: bool
    reason: str
    regions: str
    status: str
    person: int | None
    person_name: str
    created_at: datetime

    def map(self) -> dict[tuple[str, str], str]:
        """Return the counterpart of each element that has one, by process and element."""
        return {(process, element): target for process, element, target in msgspec.json.decode(self.elements)}


@dataclass(frozen=True, slots=True)
class MigratedCase:
    """One case of a batch: ``version`` is the one its state had right after it was moved."""

    migration: int
    case: int
    status: str
    obstacles: str
    fault_zh: str
    fault_en: str
    version: int | None
    snapshot: bytes | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a case was before it was moved: its state, and those of its iterations that the move changed."""

    state: bytes
    iterations: tuple[Iteration, ...]


def packed_map(elements: Mapping[tuple[str, str], str]) -> str:
    """Return a map as it is stored."""
    return msgspec.json.encode([[*place, target] for place, target in elements.items()]).decode()


def packed_obstacles(obstacles: Sequence[Obstacle]) -> str:
    """Return obstacles as they are stored."""
    return msgspec.json.encode([[one.reason, one.process, one.element] for one in obstacles]).decode()


def obstacles_of(stored: str) -> tuple[Obstacle, ...]:
    """Return stored obstacles."""
    return tuple(Obstacle(*one) for one in msgspec.json.decode(stored or "[]"))


def insert(transaction: Transaction, row: MigrationRow, reach: Scope) -> int:
    """Write a batch with every open case of its version in its regions that is not hidden; return how many those are."""
    transaction.execute(t.migration.insert(), {name: getattr(row, name) for name in MigrationRow.__slots__})
    here = sa.or_(*(within(t.case.c.region, prefix) for prefix in row.regions.split() or [""]))
    fixed = {"status": WAITING, "obstacles": "[]", "fault_zh": "", "fault_en": ""}
    cases = sa.select(sa.literal(row.key), t.case.c.key, *(sa.literal(value) for value in fixed.values())).where(
        t.case.c.definition == row.source, t.case.c.status == "open", here, visible(t.case.c, reach)
    )
    inserted = t.migration_case.insert().from_select(["migration", "case", *fixed], cases)
    return int(transaction.execute(inserted).rowcount)


def insert_of(transaction: Transaction, row: MigrationRow, cases: Collection[int], status: str) -> None:
    """Write a batch of these cases, all with the same status."""
    transaction.execute(t.migration.insert(), {name: getattr(row, name) for name in MigrationRow.__slots__})
    fixed = {"migration": row.key, "status": status, "obstacles": "[]", "fault_zh": "", "fault_en": ""}
    transaction.insert(t.migration_case, [{**fixed, "case": case} for case in cases])


def find(transaction: Transaction, key: int) -> MigrationRow | None:
    """Return a batch."""
    return transaction.first(MigrationRow, _FIND, {"key_": key})


def lock(transaction: Transaction, key: int) -> MigrationRow | None:
    """Return a batch, locked for change."""
    return transaction.first(MigrationRow, _LOCK, {"key_": key})


def under_way(transaction: Transaction) -> list[MigrationRow]:
    """Return the batches that have something to do, oldest first."""
    return transaction.every(MigrationRow, _UNDER_WAY)


def of_process(transaction: Transaction, process: str) -> list[MigrationRow]:
    """Return the batches of a process, newest first."""
    return transaction.every(MigrationRow, _OF_PROCESS, {"process_": process})


def set_status(transaction: Transaction, key: int, status: str) -> None:
    """Say what a batch is doing."""
    transaction.execute(_SET_STATUS, {"key_": key, "status": status})


def next_cases(transaction: Transaction, row: MigrationRow, most: int) -> list[int]:
    """Return cases of the batch with which what it is doing has not been done."""
    values = {"migration_": row.key, "status_": NEXT[row.status][0], "most": most}
    return list(transaction.execute(_NEXT, values).scalars())


def case_of(transaction: Transaction, key: int, case: int) -> MigratedCase | None:
    """Return one case of a batch; whoever changes it holds the case's lock."""
    return transaction.first(MigratedCase, _CASE, {"migration_": key, "case_": case})


def settle(
    transaction: Transaction,
    key: int,
    case: int,
    status: str,
    *,
    obstacles: Sequence[Obstacle] = (),
    fault: tuple[str, str] = ("", ""),
    version: int | None = None,
    snapshot: bytes | None = None,
) -> None:
    """Write what has happened to a case of a batch."""
    values = {
        "migration_": key, "case_": case, "status": status, "obstacles": packed_obstacles(obstacles),
        "fault_zh": fault[0], "fault_en": fault[1], "version": version, "snapshot": snapshot,
    }  # fmt: skip
    transaction.execute(_SETTLE, values)


def seal(keyring: Keyring, key: int, case: int, snapshot: Snapshot) -> bytes:
    """Return the snapshot sealed for its case in its batch."""
    iterations = [
        [one.token, one.body, one.around, one.position, one.state, dict(one.values)] for one in snapshot.iterations
    ]
    return keyring.seal(pack([snapshot.state, iterations]), snapshot_place(key, case))


def opened(keyring: Keyring, row: MigratedCase, sealed: bytes) -> Snapshot:
    """Return the snapshot of a case that was moved."""
    state, iterations = unpack(keyring.open(sealed, snapshot_place(row.migration, row.case)))
    return Snapshot(state, tuple(_iteration(*one) for one in iterations))


def _iteration(token: Any, body: Any, around: Any, position: Any, state: bytes, values: Any) -> Iteration:
    # Numbers come back as decimals.
    return Iteration(int(token), int(body), int(around), int(position), state, values)


def snapshot_place(key: int, case: int) -> bytes:
    """Return what a snapshot is bound to when sealed."""
    return b"migration:%d:%d" % (key, case)


_m, _c = t.migration.c, t.migration_case.c
_COLUMNS = tuple(_m[name] for name in MigrationRow.__slots__)
_FIND = sa.select(*_COLUMNS).where(_m.key == sa.bindparam("key_"))
_LOCK = _FIND.with_for_update()
_UNDER_WAY = sa.select(*_COLUMNS).where(_m.status.in_(UNDER_WAY)).order_by(_m.key)
_OF_PROCESS = sa.select(*_COLUMNS).where(_m.process == sa.bindparam("process_")).order_by(_m.key.desc())
_SET_STATUS = t.migration.update().where(_m.key == sa.bindparam("key_")).values(status=sa.bindparam("status"))
_NEXT = (
    sa.select(_c.case)
    .where(_c.migration == sa.bindparam("migration_"), _c.status == sa.bindparam("status_"))
    .order_by(_c.case)
    .limit(sa.bindparam("most"))
)
_THIS = (_c.migration == sa.bindparam("migration_"), _c.case == sa.bindparam("case_"))
_CASE = sa.select(*(_c[name] for name in MigratedCase.__slots__)).where(*_THIS)
_SETTLE = (
    t.migration_case.update()
    .where(*_THIS)
    .values(
        {name: sa.bindparam(name) for name in ("status", "obstacles", "fault_zh", "fault_en", "version", "snapshot")}
    )
)

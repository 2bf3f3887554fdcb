"""Immutable deployments: a process folder's files under a version, and the versions it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, Text
from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One deployed version of a process."""

    key: int
    process: str
    version: int
    name: str
    checksum: str
    deployed_at: datetime
    deployed_by: str
    note: str


def latest(transaction: Transaction, process: str) -> DefinitionRow | None:
    """Return the newest version of a process."""
    return transaction.first(DefinitionRow, _LATEST, {"process_": process})


def find(transaction: Transaction, key: int) -> DefinitionRow | None:
    """Return one version by its key."""
    return transaction.first(DefinitionRow, _BY_KEY, {"key_": key})


def versions(transaction: Transaction, process: str) -> tuple[DefinitionRow, ...]:
    """Return every version of a process, newest first."""
    return tuple(transaction.every(DefinitionRow, _VERSIONS, {"process_": process}))


def processes(transaction: Transaction) -> tuple[str, ...]:
    """Return the ids of every deployed process."""
    return tuple(transaction.execute(sa.select(t.definition.c.process).distinct().order_by("process")).scalars())


def files(transaction: Transaction, key: int) -> dict[str, bytes]:
    """Return the files of a version by path."""
    return {row.path: row.data for row in transaction.execute(_FILES, {"key_": key})}


def bound(transaction: Transaction, key: int) -> dict[str, int]:
    """Return the versions that this version calls: process id -> definition key."""
    return {row.process: row.bound for row in transaction.execute(_BOUND, {"key_": key})}


def store(transaction: Transaction, row: DefinitionRow, content: Mapping[str, bytes], calls: Mapping[str, int]) -> None:
    """Write one version with its files and bindings. Raises Conflict when another deployment took its number meanwhile."""
    try:
        transaction.execute(t.definition.insert(), {column: getattr(row, column) for column in DefinitionRow.__slots__})
    except IntegrityError as error:
        raise _deployed_meanwhile(row) from error
    transaction.insert(
        t.resource, [{"definition": row.key, "path": path, "data": data} for path, data in content.items()]
    )
    transaction.insert(
        t.binding, [{"definition": row.key, "process": name, "bound": key} for name, key in calls.items()]
    )


def _deployed_meanwhile(row: DefinitionRow) -> Conflict:
    return Conflict(
        Text(
            f"流程「{row.process}」刚刚由别人发布了第 {row.version} 版,这次没有发布。请先查看那一版,再决定是否重新发布。",
            f"Expected to deploy version {row.version} of “{row.process}”, but somebody just deployed it; "
            "look at that version and then deploy again if it is still needed.",
        )
    )


def next_row(transaction: Transaction, process: str, name: str, checksum: str, by: str, note: str) -> DefinitionRow:
    """Return the row of the version to be stored next."""
    before = latest(transaction, process)
    version = before.version + 1 if before else 1
    return DefinitionRow(new_key(), process, version, name, checksum, transaction.now, by, note)


_COLUMNS = [t.definition.c[name] for name in DefinitionRow.__slots__]
_VERSIONS = (
    sa.select(*_COLUMNS)
    .where(t.definition.c.process == sa.bindparam("process_"))
    .order_by(t.definition.c.version.desc())
)
_LATEST = _VERSIONS.limit(1)
_BY_KEY = sa.select(*_COLUMNS).where(t.definition.c.key == sa.bindparam("key_"))
_FILES = sa.select(t.resource.c.path, t.resource.c.data).where(t.resource.c.definition == sa.bindparam("key_"))
_BOUND = sa.select(t.binding.c.process, t.binding.c.bound).where(t.binding.c.definition == sa.bindparam("key_"))

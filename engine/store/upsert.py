"""INSERT … ON CONFLICT in both dialects, built once at import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Upsert:
    """A statement that inserts a row, or changes the one with the same key."""

    postgresql: sa.Executable
    sqlite: sa.Executable

    def run(
        self, transaction: Transaction, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any]
    ) -> sa.CursorResult[Any]:
        """Return the result of upserting the rows in one batch."""
        return transaction.execute(self.postgresql if transaction.postgresql else self.sqlite, rows)


def replacing(table: sa.Table, *columns: str) -> Upsert:
    """Return the statement that on conflict takes the new values of ``columns``."""
    lite = sqlite_insert(table)
    pg = postgresql_insert(table)
    key = list(table.primary_key.columns)
    return Upsert(
        pg.on_conflict_do_update(index_elements=key, set_={name: pg.excluded[name] for name in columns}),
        lite.on_conflict_do_update(index_elements=key, set_={name: lite.excluded[name] for name in columns}),
    )


def counting(table: sa.Table, column: str) -> Upsert:
    """Return the statement that on conflict adds one to ``column``, and gives its value back."""
    key = list(table.primary_key.columns)
    counted = table.c[column]
    lite = sqlite_insert(table).on_conflict_do_update(index_elements=key, set_={column: counted + 1})
    pg = postgresql_insert(table).on_conflict_do_update(index_elements=key, set_={column: counted + 1})
    return Upsert(pg.returning(counted), lite.returning(counted))

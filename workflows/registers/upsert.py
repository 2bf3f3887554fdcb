"""Rows that may be there already and then stay as they are, in both dialects, built once at import."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.store.upsert import Upsert


def ignoring(table: sa.Table, *returned: sa.Column[Any]) -> Upsert:
    """Return the statement that inserts the rows whose primary key is not there yet, and gives what is asked of them."""
    key = list(table.primary_key.columns)
    postgresql = postgresql_insert(table).on_conflict_do_nothing(index_elements=key)
    sqlite = sqlite_insert(table).on_conflict_do_nothing(index_elements=key)
    if returned:
        return Upsert(postgresql.returning(*returned), sqlite.returning(*returned))
    return Upsert(postgresql, sqlite)

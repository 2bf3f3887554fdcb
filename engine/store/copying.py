"""Copies of a case that waits, as many as a measurement needs, each whole and sealed for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.sealed import SEALED, SealedColumn
from engine.store.sealing import Keyring
from engine.store.subscriptions import key_place
from engine.store.transaction import Database

_TABLES = (t.case, t.case_state, t.variable, t.user_task, t.job, t.subscription, t.activity)
_AT_ONCE = 1000

Row = Mapping[Any, Any]


def copy_case(
    database: Database, keyring: Keyring, case: int, numbers: range, correlation: Callable[[int], str] | None = None
) -> None:
    """Store a copy of the case for every number; ``correlation`` is the key each then waits with.

    The audit chain is not copied: the copies are to be run and measured, not to be kept.
    """
    sealed = {table: [one for one in SEALED if one.column.table is table] for table in _TABLES}
    with database.read() as transaction:
        rows = {table: list(transaction.execute(_of(table, case)).mappings()) for table in _TABLES}
    for first in range(numbers.start, numbers.stop, _AT_ONCE):
        some = range(first, min(first + _AT_ONCE, numbers.stop))
        keys = [new_key() for _ in some]
        with database.write() as transaction:
            for table in _TABLES:
                made = [
                    _copy(keyring, sealed[table], row, key, number)
                    for key, number in zip(keys, some, strict=True)
                    for row in rows[table]
                ]
                if table is t.subscription and correlation is not None:
                    made = [_waiting_for(keyring, row, correlation(some[at])) for at, row in enumerate(made)]
                transaction.insert(table, made)


def _of(table: sa.Table, case: int) -> sa.Select[Any]:
    return sa.select(table).where((table.c.key if table is t.case else table.c.case) == case)


def _copy(keyring: Keyring, sealed: list[SealedColumn], row: Row, case: int, number: int) -> dict[str, Any]:
    made = dict(row)
    if "number" in made:
        made |= {"key": case, "number": f"{row['number']}-{number}"}
    else:
        made |= {"case": case} | ({"key": new_key()} if "key" in made else {})
    for one in sealed:
        value = row[one.column.name]
        if value is not None:
            made[one.column.name] = keyring.seal(keyring.open(value, one.place_of(row)), one.place_of(made))
    return made


def _waiting_for(keyring: Keyring, row: dict[str, Any], key: str) -> dict[str, Any]:
    shown = keyring.seal(key.encode(), key_place(row["key"]))
    return row | {"correlation": keyring.blind("correlation", key), "shown_key": shown}

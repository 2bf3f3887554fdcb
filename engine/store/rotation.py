"""A new master key takes the old one's place: in batches that can be interrupted, while no node is at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine.errors import Conflict, Text
from engine.store import master_key, nodes
from engine.store import tables as t
from engine.store.sealed import SealedColumn
from engine.store.sealing import Keyring
from engine.store.transaction import Database, Transaction

_GONE_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many values were sealed anew, and how many blind indexes blinded once more."""

    sealed: int
    blinded: int


def rotate(
    database: Database,
    old: Keyring,
    new: Keyring,
    sealed: Sequence[SealedColumn],
    blind: Sequence[sa.Column[bytes]],
    told: Callable[[str, int], None] = lambda _column, _count: None,
) -> Rotated:
    """Return what was changed once everything is sealed with the new key.

    Interrupted, it is called again with the same two keys. Raises Conflict while a node is alive, or for a wrong key.
    """
    database.attempt(partial(_begin, old, new))
    count = 0
    for one in sealed:
        changed = _reseal(database, old, new, one)
        told(str(one.column), changed)
        count += changed
    return Rotated(count, database.attempt(partial(_end, new, blind)))


def _begin(old: Keyring, new: Keyring, transaction: Transaction) -> None:
    _expect_nobody(transaction)
    master_key.begin_change(transaction, old, new)


def _end(new: Keyring, blind: Sequence[sa.Column[bytes]], transaction: Transaction) -> int:
    """Blind indexes cannot tell which key made them: all change in the one transaction that ends the change of key."""
    _expect_nobody(transaction)
    count = sum(_blind_again(transaction, new, column) for column in blind)
    transaction.execute(t.attempt.delete())
    master_key.end_change(transaction, new)
    return count


def _expect_nobody(transaction: Transaction) -> None:
    alive = [node.id for node in nodes.known(transaction) if transaction.wall - node.seen_at < _GONE_AFTER]
    if alive:
        listed = ", ".join(alive)
        raise Conflict(
            Text(
                f"节点 {listed} 还在运行。更换主密钥期间不能有程序运行,请全部停止,十秒后再试。",
                f"Expected no node at work while the master key changes, but {listed} runs; stop it, wait 10 s, repeat.",
            )
        )


def _reseal(database: Database, old: Keyring, new: Keyring, one: SealedColumn) -> int:
    after: Any = None
    count = 0
    while True:
        rows, changed = database.attempt(partial(_reseal_some, old, new, one, after))
        count += changed
        if not rows:
            return count
        after = rows[-1]


def _reseal_some(
    old: Keyring, new: Keyring, one: SealedColumn, after: Any, transaction: Transaction
) -> tuple[list[tuple[Any, ...]], int]:
    key = list(one.column.table.primary_key.columns)
    query = sa.select(*dict.fromkeys((*key, *one.named)), one.column.label("sealed_")).where(one.column.is_not(None))
    if after is not None:
        query = query.where(sa.tuple_(*key) > sa.tuple_(*after))
    rows = transaction.execute(query.order_by(*key).limit(one.at_once)).mappings().all()
    changed = [
        {**{f"{column.name}_": row[column.name] for column in key}, "new_": _sealed_anew(old, new, one, row)}
        for row in rows
        if not new.opens(row["sealed_"], one.place_of(row))
    ]
    if changed:
        transaction.execute(_update(one.column), changed)
    return [tuple(row[column.name] for column in key) for row in rows], len(changed)


def _sealed_anew(old: Keyring, new: Keyring, one: SealedColumn, row: Any) -> bytes:
    place = one.place_of(row)
    return new.seal(old.open(row["sealed_"], place), place)


def _blind_again(transaction: Transaction, new: Keyring, column: sa.Column[bytes]) -> int:
    key = list(column.table.primary_key.columns)
    query = sa.select(*dict.fromkeys((*key, column))).where(column.is_not(None))
    changed = [
        {**{f"{one.name}_": row[one.name] for one in key}, "new_": new.blind_again(row[column.name])}
        for row in transaction.execute(query).mappings().all()
    ]
    if changed:
        transaction.execute(_update(column), changed)
    return len(changed)


def _update(column: sa.Column[bytes]) -> sa.Update:
    table = column.table
    assert isinstance(table, sa.Table)
    key = sa.and_(*(one == sa.bindparam(f"{one.name}_") for one in table.primary_key.columns))
    return table.update().where(key).values({column.name: sa.bindparam("new_")})

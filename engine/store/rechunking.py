"""Puts stored variables into other rows, when another version of a process asks for them in other forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.variables import CaseVariables

ChunkOf = Callable[[str], str]


def rechunk(
    transaction: Transaction, keyring: Keyring, case: int, before: ChunkOf, after: ChunkOf, names: Iterable[str]
) -> None:
    """Rewrite the rows in which one of the names is kept differently before and after; the others are not opened."""
    moved = [name for name in names if before(name) != after(name)]
    chunks = {chunk for name in moved for chunk in (before(name), after(name))}
    if not chunks:
        return
    rows = transaction.execute(_ROWS, {"case_": case, "chunks": sorted(chunks)}).all()
    stored = CaseVariables(transaction, keyring, case, before)
    values: dict[tuple[int, str], Any] = {}
    for row in rows:
        values |= {(row.scope, name): value for name, value in stored.chunk(row.scope, row.name).items()}
    if rows:
        transaction.execute(_DROP, [{"case_": case, "scope_": row.scope, "name_": row.name} for row in rows])
        CaseVariables(transaction, keyring, case, after).write(values, ())


_v = t.variable.c
_ROWS = sa.select(_v.scope, _v.name).where(
    _v.case == sa.bindparam("case_"), _v.name.in_(sa.bindparam("chunks", expanding=True))
)
_DROP = t.variable.delete().where(
    _v.case == sa.bindparam("case_"), _v.scope == sa.bindparam("scope_"), _v.name == sa.bindparam("name_")
)

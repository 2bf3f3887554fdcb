"""Answers already given, by the idempotency key of their request."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction


def find(transaction: Transaction, actor: str, key: str) -> bytes | None:
    """Return the answer this actor got for the key; a repetition that comes at the same time waits for the first."""
    if transaction.postgresql:
        transaction.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{actor}:{key}", 0))))
    row = transaction.execute(_FIND, {"key_": f"{actor}:{key}"}).first()
    return row.result if row else None


def insert(transaction: Transaction, actor: str, key: str, result: bytes) -> None:
    """Keep an answer; a second one under the same key violates the primary key and rolls back."""
    row = {"key": f"{actor}:{key}", "actor": actor, "result": result, "at": transaction.wall}
    transaction.execute(t.request.insert(), row)


_FIND = sa.select(t.request.c.result).where(t.request.c.key == sa.bindparam("key_"))

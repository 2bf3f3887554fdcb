"""Counts attempts in time windows, to slow down guessing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.upsert import counting


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts of one kind a key may make within a time."""

    name: str
    most: int
    within: timedelta


def count(transaction: Transaction, keyring: Keyring, limit: Limit, key: str) -> bool:
    """Count one attempt; return whether it is still within the limit."""
    window = int(transaction.wall.timestamp() // limit.within.total_seconds())
    bucket = keyring.blind(f"attempt:{limit.name}", f"{key}:{window}")
    row = {"bucket": bucket, "since": transaction.wall, "count": 1}
    return int(_COUNT.run(transaction, row).scalar_one()) <= limit.most


def forget_before(transaction: Transaction, age: timedelta) -> None:
    """Delete windows older than this."""
    transaction.execute(_FORGET, {"before": transaction.wall - age})


_COUNT = counting(t.attempt, "count")
_FORGET = t.attempt.delete().where(t.attempt.c.since < sa.bindparam("before", type_=t.Instant))

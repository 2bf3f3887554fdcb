"""Running numbers without gaps: of cases and of notices, per place and year."""

from __future__ import annotations

from engine.store import tables as t
from engine.store.transaction import Transaction
from engine.store.upsert import counting

_NEXT = counting(t.series, "last")


def next_number(transaction: Transaction, name: str) -> int:
    """Return the next number of the series, from 1; the row stays locked until the commit."""
    return int(_NEXT.run(transaction, {"name": name, "last": 1}).scalar_one())

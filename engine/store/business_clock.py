"""The demo's clock: an offset row that moves business time alone."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.clock import Clock, SystemClock
from engine.store import tables as t
from engine.store.transaction import Transaction
from engine.store.upsert import replacing


class MovableOffset:
    """An offset every clock reading asks for, changed after the commit that moved it."""

    def __init__(self) -> None:
        self.value = timedelta()

    def __call__(self) -> timedelta:
        """Return the offset in use."""
        return self.value


def offset(transaction: Transaction) -> timedelta:
    """Return the stored offset, zero when none was ever set."""
    stored = transaction.execute(sa.select(t.business_clock.c.offset_us)).scalar_one_or_none()
    return timedelta(microseconds=int(stored or 0))


def set_offset(transaction: Transaction, value: timedelta) -> None:
    """Store the offset."""
    _SET.run(transaction, {"id": 1, "offset_us": value // timedelta(microseconds=1)})


def use(clock: Clock, value: timedelta) -> None:
    """Let a movable clock run with the offset; any other clock is left alone."""
    if isinstance(clock, SystemClock) and isinstance(clock.offset, MovableOffset):
        clock.offset.value = value


_SET = replacing(t.business_clock, "offset_us")

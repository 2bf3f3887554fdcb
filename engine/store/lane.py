"""The one lane in which time fires: whatever is due first, on whichever node, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction

TIMER, START = "timer", "start"
_LANE = 7104


@dataclass(frozen=True, slots=True)
class Due:
    """What fires next: the timer of a case (a job), or a timed start."""

    kind: str
    key: int
    due_at: datetime
    tries: int


def enter(transaction: Transaction) -> bool:
    """Return whether this transaction may fire; until it ends no other may, so that the order is kept."""
    if not transaction.postgresql:
        return True
    return bool(transaction.execute(_ENTER).scalar_one())


def next_due(transaction: Transaction) -> Due | None:
    """Return what has been due longest, None when nothing is due."""
    return transaction.first(Due, _NEXT, {"now": transaction.now})


def next_time(transaction: Transaction, before: datetime) -> datetime | None:
    """Return when something fires next, if that is not after ``before``."""
    found = transaction.first(Due, _NEXT, {"now": before})
    return None if found is None else found.due_at


_j, _s = t.job.c, t.start_timer.c
_NOW = sa.bindparam("now", type_=t.Instant)
DUE_TIMER = (
    sa.select(sa.literal(TIMER).label("kind"), _j.key, _j.due_at, _j.tries)
    .where(_j.kind == "timer", _j.status == "waiting", _j.due_at <= _NOW)
    .order_by(_j.due_at, _j.key)
    .limit(1)
)
DUE_START = (
    sa.select(sa.literal(START).label("kind"), _s.key, _s.due_at, sa.literal(0).label("tries"))
    .where(_s.status == "waiting", _s.due_at <= _NOW)
    .order_by(_s.due_at, _s.key)
    .limit(1)
)
_EITHER = sa.union_all(sa.select(DUE_TIMER.subquery()), sa.select(DUE_START.subquery())).subquery()
_NEXT = sa.select(_EITHER).order_by(_EITHER.c.due_at, _EITHER.c.key).limit(1)
_ENTER = sa.select(sa.func.pg_try_advisory_xact_lock(_LANE))

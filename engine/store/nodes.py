"""Which processes work on this database, by heartbeat; wall time, the demo's clock does not move it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction
from engine.store.upsert import replacing


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One process that works on this database; times are wall time."""

    id: str
    role: str | None
    version: str
    started_at: datetime
    seen_at: datetime


def beat(transaction: Transaction, node: str, version: str, role: str, started_at: datetime | None = None) -> None:
    """Say that this node is alive, since ``started_at`` (now when it is not given)."""
    wall = transaction.wall
    row = {"id": node, "started_at": started_at or wall, "seen_at": wall, "version": version, "role": role}
    _BEAT.run(transaction, row)


def leave(transaction: Transaction, node: str) -> None:
    """Take off a node that ends in order."""
    transaction.execute(t.node.delete().where(t.node.c.id == node))


def known(transaction: Transaction) -> list[NodeRow]:
    """Return every node that nobody has taken for dead, by name."""
    return transaction.every(NodeRow, _KNOWN)


def take_dead(transaction: Transaction, after: timedelta, me: str) -> list[str]:
    """Remove and return the nodes not seen for this long."""
    query = sa.select(t.node.c.id).where(t.node.c.seen_at < transaction.wall - after, t.node.c.id != me)
    dead = list(transaction.execute(query.with_for_update(skip_locked=True)).scalars())
    if dead:
        transaction.execute(t.node.delete().where(t.node.c.id.in_(dead)))
    return dead


def alive(transaction: Transaction) -> frozenset[str]:
    """Return the nodes that nobody has taken for dead."""
    return frozenset(transaction.execute(sa.select(t.node.c.id)).scalars())


_BEAT = replacing(t.node, "started_at", "seen_at", "version", "role")
_KNOWN = sa.select(*(t.node.c[name] for name in NodeRow.__slots__)).order_by(t.node.c.id)

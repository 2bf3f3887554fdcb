"""Which processes work on this database, by heartbeat; wall time, the demo's clock does not move it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction
from engine.store.upsert import replacing


def beat(transaction: Transaction, node: str, version: str) -> None:
    """Say that this node is alive."""
    row = {"id": node, "started_at": transaction.wall, "seen_at": transaction.wall, "version": version}
    _BEAT.run(transaction, row)


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


_BEAT = replacing(t.node, "seen_at", "version")

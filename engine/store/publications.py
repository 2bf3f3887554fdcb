"""Numbers, calendars, roles and outside services in force: published by date beside deployments."""

from __future__ import annotations

import sqlalchemy as sa

from engine.model import Actor
from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.transaction import Transaction


def newest(transaction: Transaction) -> int:
    """Return how many publications there are: changes whenever anything is published, in whatever order nodes commit."""
    return int(transaction.execute(_HOW_MANY).scalar_one())


def contents(transaction: Transaction) -> dict[tuple[str, str], bytes]:
    """Return the newest content of each (kind, subject)."""
    rows = transaction.execute(sa.select(t.publication).order_by(t.publication.c.key))
    return {(row.kind, row.subject): row.content for row in rows}


def publish(transaction: Transaction, actor: Actor, kind: str, subject: str, content: bytes) -> bool:
    """Publish the content unless it is what is in force already; return whether anything changed."""
    current = transaction.execute(_CURRENT, {"kind_": kind, "subject_": subject}).scalar_one_or_none()
    if current == content:
        return False
    row = {
        "key": new_key(), "kind": kind, "subject": subject, "content": content,
        "published_at": transaction.now, "published_by": actor.name,
    }  # fmt: skip
    transaction.execute(t.publication.insert(), row)
    return True


_HOW_MANY = sa.select(sa.func.count()).select_from(t.publication)
_CURRENT = (
    sa.select(t.publication.c.content)
    .where(t.publication.c.kind == sa.bindparam("kind_"), t.publication.c.subject == sa.bindparam("subject_"))
    .order_by(t.publication.c.key.desc())
    .limit(1)
)

"""Sessions of signed-in people; the database knows only digests of their tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.people import PersonRow
from engine.store.transaction import Transaction

LIFETIME = timedelta(hours=12)


def open_session(transaction: Transaction, person: int, address: str) -> str:
    """Return the token of a new session."""
    token = secrets.token_urlsafe(32)
    row = {
        "digest": _digest(token), "person": person, "created_at": transaction.wall,
        "expires_at": transaction.wall + LIFETIME, "address": address,
    }  # fmt: skip
    transaction.execute(t.session.insert(), row)
    return token


def person_of(transaction: Transaction, token: str) -> PersonRow | None:
    """Return the active person of a session that has not ended."""
    return transaction.first(PersonRow, _PERSON, {"digest_": _digest(token), "wall": transaction.wall})


def close_session(transaction: Transaction, token: str) -> None:
    """End a session."""
    transaction.execute(_CLOSE, {"digest_": _digest(token)})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_PERSON = (
    sa.select(*(t.person.c[name] for name in PersonRow.__slots__))
    .select_from(t.session.join(t.person, t.person.c.key == t.session.c.person))
    .where(
        t.session.c.digest == sa.bindparam("digest_"),
        t.session.c.expires_at > sa.bindparam("wall", type_=t.Instant),
        t.person.c.active,
    )
)
_CLOSE = t.session.delete().where(t.session.c.digest == sa.bindparam("digest_"))

"""Tokens with which programs sign in; the database knows only their digests."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction

PREFIX = "doudi_"


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token without its secret: bound to a person, or with ``grants`` of its own to a worker."""

    key: int
    name: str
    person: int | None
    grants: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """The holder of a valid token; for a person's token login, name and grants are the person's."""

    key: int
    login: str
    person: int | None
    name: str
    grants: str
    used_at: datetime | None


def new_secret() -> str:
    """Return an unguessable token."""
    return PREFIX + secrets.token_urlsafe(32)


def insert(transaction: Transaction, row: TokenRow, secret: str) -> None:
    """Write a new token."""
    columns = {name: getattr(row, name) for name in TokenRow.__slots__}
    transaction.execute(t.api_token.insert(), {**columns, "digest": _digest(secret)})


def find(transaction: Transaction, key: int) -> TokenRow | None:
    """Return a token by its key."""
    return transaction.first(TokenRow, _BY_KEY, {"key_": key})


def every(transaction: Transaction) -> list[TokenRow]:
    """Return every token, newest first."""
    return transaction.every(TokenRow, _EVERY)


def bearer_of(transaction: Transaction, secret: str) -> Bearer | None:
    """Return who holds the token, in one statement; None when it is unknown, over, revoked or of a person who left."""
    return transaction.first(Bearer, _BEARER, {"digest_": _digest(secret), "wall": transaction.wall})


def used(transaction: Transaction, key: int) -> None:
    """Note that the token was used now."""
    transaction.execute(_USED, {"key_": key, "used_at": transaction.wall})


def revoke(transaction: Transaction, key: int, by: str) -> bool:
    """Make the token void; return False when it was already."""
    values = {"key_": key, "revoked_at": transaction.wall, "revoked_by": by}
    return transaction.execute(_REVOKE, values).rowcount == 1


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


_a, _p = t.api_token.c, t.person.c
_COLUMNS = tuple(_a[name] for name in TokenRow.__slots__)
_BY_KEY = sa.select(*_COLUMNS).where(_a.key == sa.bindparam("key_"))
_EVERY = sa.select(*_COLUMNS).order_by(_a.key.desc())
_BEARER = (
    sa.select(
        _a.key,
        sa.func.coalesce(_p.login, _a.name),
        _a.person,
        sa.func.coalesce(_p.name, _a.name),
        sa.func.coalesce(_p.grants, _a.grants),
        _a.used_at,
    )
    .select_from(t.api_token.outerjoin(t.person, _p.key == _a.person))
    .where(
        _a.digest == sa.bindparam("digest_"),
        _a.revoked_at.is_(None),
        _a.expires_at > sa.bindparam("wall", type_=t.Instant),
        sa.or_(_a.person.is_(None), _p.active),
    )
)
_USED = t.api_token.update().where(_a.key == sa.bindparam("key_")).values(used_at=sa.bindparam("used_at"))
_REVOKE = (
    t.api_token.update()
    .where(_a.key == sa.bindparam("key_"), _a.revoked_at.is_(None))
    .values({name: sa.bindparam(name) for name in ("revoked_at", "revoked_by")})
)

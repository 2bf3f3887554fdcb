"""People who sign in: their roles, their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model import Actor, Grant
from engine.store import tables as t
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the store keeps it; ``grants`` reads ``role@region role@region``."""

    key: int
    login: str
    name: str
    password: str
    grants: str
    phone: bytes | None
    language: str | None
    active: bool
    failures: int
    locked_until: datetime | None
    created_at: datetime


def actor(row: PersonRow, address: str = "") -> Actor:
    """Return the person as the one who acts."""
    return Actor(row.key, row.name, parse_grants(row.grants), "web", address)


def parse_grants(text: str) -> tuple[Grant, ...]:
    """Return the grants written as ``role@region role@region``."""
    return tuple(Grant(role, region) for role, _, region in (part.partition("@") for part in text.split()))


def write_grants(grants: tuple[Grant, ...]) -> str:
    """Return the grants as they are stored."""
    return " ".join(f"{grant.role}@{grant.region}" for grant in grants)


def find(transaction: Transaction, key: int) -> PersonRow | None:
    """Return the person with this key."""
    return transaction.first(PersonRow, _BY_KEY, {"key_": key})


def find_by_login(transaction: Transaction, login: str) -> PersonRow | None:
    """Return the person with this login."""
    return transaction.first(PersonRow, _BY_LOGIN, {"login_": login})


def everyone(transaction: Transaction) -> tuple[PersonRow, ...]:
    """Return every person, by login."""
    return tuple(transaction.every(PersonRow, _EVERYONE))


def staffed_below(transaction: Transaction, region: str) -> frozenset[str]:
    """Return the regions inside this one in which somebody who can sign in has a role."""
    written = transaction.execute(_WITHIN, {"within_": f"%@{region}_%"}).scalars()
    found = {grant.region for grants in written for grant in parse_grants(grants)}
    return frozenset(one for one in found if one.startswith(region) and one != region)


def insert(transaction: Transaction, row: PersonRow) -> None:
    """Write a new person."""
    transaction.execute(t.person.insert(), {name: getattr(row, name) for name in PersonRow.__slots__})


def change(transaction: Transaction, key: int, **values: Any) -> None:
    """Change columns of a person."""
    transaction.execute(t.person.update().where(t.person.c.key == key).values(**values))


_COLUMNS = tuple(t.person.c[name] for name in PersonRow.__slots__)
_BY_KEY = sa.select(*_COLUMNS).where(t.person.c.key == sa.bindparam("key_"))
_BY_LOGIN = sa.select(*_COLUMNS).where(t.person.c.login == sa.bindparam("login_"))
_WITHIN = sa.select(t.person.c.grants).where(t.person.c.active, t.person.c.grants.like(sa.bindparam("within_")))
_EVERYONE = sa.select(*_COLUMNS).order_by(t.person.c.login)

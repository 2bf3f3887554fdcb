"""Uploaded files, sealed, under random names that tell nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model import Actor
from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file; ``size`` in bytes, ``type`` as sniffed from its content."""

    key: str
    name: str
    size: int
    type: str
    field: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an upload belongs: the form it was made for, and the case if there is one already."""

    owner: str
    field: str
    case: int | None
    region: str


def insert(
    transaction: Transaction, keyring: Keyring, actor: Actor, place: Place, name: str, type_: str, data: bytes
) -> StoredFile:
    """Return the file as stored."""
    key = secrets.token_urlsafe(18)
    row = {
        "key": key, "owner": place.owner, "case": place.case, "region": place.region, "field": place.field,
        "name": keyring.seal(name.encode(), b"name:" + key.encode()), "type": type_, "size": len(data),
        "data": keyring.seal(data, b"file:" + key.encode()), "uploaded_at": transaction.now,
        "uploaded_by": actor.name,
    }  # fmt: skip
    transaction.execute(t.file.insert(), row)
    return StoredFile(key, name, len(data), type_, place.field)


def of_owner(transaction: Transaction, keyring: Keyring, owner: str) -> dict[str, Mapping[str, Any]]:
    """Return the uploads made for a form by key, as a file field's value lists them."""
    rows = transaction.execute(_OF_OWNER, {"owner_": owner})
    return {
        row.key: {
            "file": row.key, "name": keyring.open(row.name, b"name:" + row.key.encode()).decode(),
            "size": row.size, "type": row.type, "field": row.field,
        }
        for row in rows
    }  # fmt: skip


def give_to_case(transaction: Transaction, owner: str, case: int, region: str) -> None:
    """Hand the uploads of a start form to the case it started; the form's token opens them no longer."""
    values = {"owner_": owner, "owner": f"case:{case}", "case": case, "region": region}
    transaction.execute(_GIVE, values)


def forget_orphans(transaction: Transaction, before: datetime) -> None:
    """Delete the uploads of start forms that were never sent."""
    transaction.execute(_FORGET, {"before": before})


def delete(transaction: Transaction, owner: str, key: str) -> bool:
    """Remove an upload of a form that is still open; return whether there was one."""
    return transaction.execute(_DELETE, {"owner_": owner, "key_": key}).rowcount == 1


_OF_OWNER = (
    sa.select(t.file.c.key, t.file.c.name, t.file.c.size, t.file.c.type, t.file.c.field)
    .where(t.file.c.owner == sa.bindparam("owner_"))
    .order_by(t.file.c.uploaded_at)
)
_GIVE = (
    t.file.update()
    .where(t.file.c.owner == sa.bindparam("owner_"))
    .values({name: sa.bindparam(name) for name in ("owner", "case", "region")})
)
_FORGET = t.file.delete().where(t.file.c.case.is_(None), t.file.c.uploaded_at < sa.bindparam("before", type_=t.Instant))
_DELETE = t.file.delete().where(t.file.c.owner == sa.bindparam("owner_"), t.file.c.key == sa.bindparam("key_"))

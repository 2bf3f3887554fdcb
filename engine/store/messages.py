"""Messages that wait for a receiver, those that must not be taken twice, and signals while they are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.meeting import Place
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack

BUFFERED, RECEIVED, EXPIRED, INCIDENT, SPREAD = "buffered", "received", "expired", "incident", "spread"
MESSAGE, SIGNAL = "message", "signal"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message or signal as the store keeps it; ``case``, ``process`` and ``element`` say who threw it.

    ``hops`` counts the cases that set each other off until one threw it; ``reach`` holds the region prefixes, apart by
    spaces, in which its sender may move cases, None for everywhere.
    """

    key: int
    region: str
    kind: str
    name: str
    correlation: bytes
    payload: bytes
    message_id: bytes | None
    published_at: datetime
    expires_at: datetime
    published_by: str
    case: int | None
    process: str | None
    element: str | None
    status: str
    received_by: int | None
    hops: int = 0
    reach: str | None = None

    @property
    def place(self) -> Place:
        """Return where it meets its receiver."""
        return Place(self.name, self.correlation)


def insert(transaction: Transaction, row: MessageRow) -> None:
    """Keep a message."""
    transaction.insert(t.message, [{name: getattr(row, name) for name in MessageRow.__slots__}])


def find(transaction: Transaction, key: int) -> MessageRow | None:
    """Return a message by its key."""
    return transaction.first(MessageRow, _FIND, {"key_": key})


def oldest(transaction: Transaction, place: Place, region: str | None = None) -> MessageRow | None:
    """Return the message that has waited longest for this name and key, still lives, and may reach the region."""
    values = {"name_": place.name, "correlation_": place.correlation, "now": transaction.now}
    query = _OLDEST if region is None else _OLDEST.where(_may_reach(region))
    return transaction.first(MessageRow, query, values)


def buffered(transaction: Transaction, name: str) -> list[int]:
    """Return the keys of the messages of this name that wait for a receiver, oldest first."""
    return list(transaction.execute(_BUFFERED, {"name_": name}).scalars())


def published_before(transaction: Transaction, place: Place, message_id: bytes) -> MessageRow | None:
    """Return the message of this name, key and id that still lives, received or not.

    One whose time is over, but that housekeeping has not seen yet, makes room for the new one.
    """
    values = {"name_": place.name, "correlation_": place.correlation, "id_": message_id}
    found = transaction.first(MessageRow, _SAME, values)
    if found is not None and found.expires_at <= transaction.now:
        set_status(transaction, found.key, EXPIRED)
        return None
    return found


def received(transaction: Transaction, row: MessageRow, case: int) -> None:
    """Note who received the message; one without an id of its publisher is forgotten at once."""
    if row.message_id is None:
        forget(transaction, row.key)
    else:
        values = {"key_": row.key, "status": RECEIVED, "received_by": case}
        transaction.execute(_RECEIVED, values)


def set_status(transaction: Transaction, key: int, status: str) -> None:
    """Set the status of a message."""
    transaction.execute(_STATUS, {"key_": key, "status": status})


def revive(transaction: Transaction, key: int, life: timedelta) -> None:
    """Let a message that came to nothing wait once more for as long."""
    transaction.execute(_REVIVE, {"key_": key, "status": BUFFERED, "expires_at": transaction.now + life})


def forget_hops(transaction: Transaction, key: int) -> None:
    """Let what the message sets off count from the beginning: somebody decided that it goes on."""
    transaction.execute(_FORGET_HOPS, {"key_": key})


def over(transaction: Transaction, most: int) -> list[MessageRow]:
    """Return messages whose time is over, locked, soonest first; what another node looks at is left out."""
    return transaction.every(MessageRow, _OVER, {"now": transaction.now, "most": most})


def any_over(transaction: Transaction) -> bool:
    """Return whether some message's time is over; asks without locking anything."""
    return transaction.execute(ANY_OVER, {"now": transaction.now}).first() is not None


def hold(transaction: Transaction, key: int) -> None:
    """Keep everybody else who delivers the message from going on until this transaction has ended."""
    transaction.execute(_HOLD, {"key_": key})


def forget(transaction: Transaction, key: int) -> None:
    """Remove a message."""
    transaction.execute(_FORGET, {"key_": key})


def forget_expired(transaction: Transaction, before: datetime) -> None:
    """Remove what expired before a moment; operations have had the time to look at it."""
    transaction.execute(_FORGET_EXPIRED, {"before": before})


def seal_payload(keyring: Keyring, message: int, key: str, variables: Mapping[str, Any]) -> bytes:
    """Return the correlation key and the variables sealed for their message."""
    return keyring.seal(pack({"key": key, "variables": dict(variables)}), b"message:%d" % message)


def open_payload(keyring: Keyring, row: MessageRow) -> tuple[str, dict[str, Any]]:
    """Return the correlation key and the variables of a message."""
    found = unpack(keyring.open(row.payload, b"message:%d" % row.key))
    return found["key"], dict(found["variables"])


def _may_reach(region: str) -> sa.ColumnElement[bool]:
    prefixes = (region[:digits] for digits in range(1, len(region) + 1))
    return sa.or_(_m.reach.is_(None), *((" " + _m.reach + " ").contains(f" {prefix} ") for prefix in prefixes))


_m = t.message.c
_COLUMNS = tuple(_m[name] for name in MessageRow.__slots__)
_HERE = (_m.name == sa.bindparam("name_"), _m.correlation == sa.bindparam("correlation_"))
_FIND = sa.select(*_COLUMNS).where(_m.key == sa.bindparam("key_"))
_OLDEST = (
    sa.select(*_COLUMNS)
    .where(*_HERE, _m.status == BUFFERED, _m.expires_at > sa.bindparam("now", type_=t.Instant))
    .order_by(_m.key)
    .limit(1)
)
_SAME = sa.select(*_COLUMNS).where(*_HERE, _m.message_id == sa.bindparam("id_"), _m.status.in_((BUFFERED, RECEIVED)))
_BUFFERED = sa.select(_m.key).where(_m.name == sa.bindparam("name_"), _m.status == BUFFERED).order_by(_m.key)
_STATUS = t.message.update().where(_m.key == sa.bindparam("key_")).values(status=sa.bindparam("status"))
_RECEIVED = (
    t.message.update()
    .where(_m.key == sa.bindparam("key_"))
    .values(status=sa.bindparam("status"), received_by=sa.bindparam("received_by"))
)
_FORGET_HOPS = t.message.update().where(_m.key == sa.bindparam("key_")).values(hops=0)
_REVIVE = (
    t.message.update()
    .where(_m.key == sa.bindparam("key_"), _m.status == INCIDENT)
    .values(status=sa.bindparam("status"), expires_at=sa.bindparam("expires_at"))
)
_IS_OVER = (_m.status.in_((BUFFERED, RECEIVED)), _m.expires_at <= sa.bindparam("now", type_=t.Instant))
_OVER = (
    sa.select(*_COLUMNS)
    .where(*_IS_OVER)
    .order_by(_m.expires_at, _m.key)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
ANY_OVER = sa.select(_m.key).where(*_IS_OVER).limit(1)
_HOLD = sa.select(_m.key).where(_m.key == sa.bindparam("key_")).with_for_update()
_FORGET = t.message.delete().where(_m.key == sa.bindparam("key_"))
_FORGET_EXPIRED = t.message.delete().where(
    _m.status == EXPIRED, _m.expires_at < sa.bindparam("before", type_=t.Instant)
)

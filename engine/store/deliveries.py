"""What is received in a transaction of its own: the one that sent it held too much already, or its receiver failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.transaction import Transaction

WAITING, INCIDENT = "waiting", "incident"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A signal for one subscription or start event, a message looking for its receiver, a receiver looking for one."""

    key: int
    message: int | None
    subscription: int | None
    start: int | None
    status: str


def of_message(transaction: Transaction, message: int, status: str = WAITING) -> int:
    """Have a message look for its receiver later; return the delivery's key."""
    return _insert(transaction, [(message, None, None)], status)


def of_subscriptions(transaction: Transaction, subscriptions: Iterable[int]) -> None:
    """Have tokens that wait look for buffered messages later, each on its own."""
    found = [(None, one, None) for one in subscriptions]
    if found:
        _insert(transaction, found, WAITING)


def of_signal(
    transaction: Transaction, signal: int, subscriptions: Iterable[int], starts: Iterable[int], status: str = WAITING
) -> int:
    """Have a signal received by these subscriptions and start events, each on its own; return the last one's key."""
    found: list[tuple[int | None, int | None, int | None]] = [(signal, one, None) for one in subscriptions]
    return _insert(transaction, [*found, *((signal, None, one) for one in starts)], status)


def any_waiting(transaction: Transaction) -> bool:
    """Return whether anything is to be delivered; asks without locking."""
    return transaction.execute(ANY_WAITING).first() is not None


def take(transaction: Transaction) -> DeliveryRow | None:
    """Remove and return the oldest delivery that no other node has in hand."""
    found = transaction.first(DeliveryRow, _OLDEST)
    if found is not None:
        transaction.execute(_REMOVE, {"key_": found.key})
    return found


def find(transaction: Transaction, key: int) -> DeliveryRow | None:
    """Return a delivery."""
    return transaction.first(DeliveryRow, _FIND, {"key_": key})


def retry(transaction: Transaction, key: int) -> None:
    """Have a delivery that failed tried again."""
    transaction.execute(_RETRY, {"key_": key})


def is_last(transaction: Transaction, message: int) -> bool:
    """Return whether nothing of this signal is left to be delivered."""
    return transaction.execute(_LEFT, {"message_": message}).first() is None


def _insert(transaction: Transaction, rows: Iterable[tuple[int | None, int | None, int | None]], status: str) -> int:
    written = [
        {"key": new_key(), "message": one, "subscription": two, "start": three, "status": status}
        for one, two, three in rows
    ]
    transaction.insert(t.delivery, written)
    return int(str(written[-1]["key"]))


_d = t.delivery.c
_COLUMNS = tuple(_d[name] for name in DeliveryRow.__slots__)
_OLDEST = sa.select(*_COLUMNS).where(_d.status == WAITING).order_by(_d.key).limit(1).with_for_update(skip_locked=True)
ANY_WAITING = sa.select(_d.key).where(_d.status == WAITING).limit(1)
_FIND = sa.select(*_COLUMNS).where(_d.key == sa.bindparam("key_"))
_REMOVE = t.delivery.delete().where(_d.key == sa.bindparam("key_"))
_RETRY = t.delivery.update().where(_d.key == sa.bindparam("key_")).values(status=WAITING)
_LEFT = sa.select(_d.key).where(_d.message == sa.bindparam("message_")).limit(1)

"""Which tokens wait for which message or signal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.meeting import Place
from engine.store.scope import within
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One token that waits for a message or a signal."""

    key: int
    region: str
    case: int
    token: int
    process: str
    element: str
    message: str
    correlation: bytes

    @property
    def place(self) -> Place:
        """Return where it meets its message."""
        return Place(self.message, self.correlation)


def place_of(keyring: Keyring, name: str, key: str) -> Place:
    """Return where a message of this name and correlation key meets its receiver."""
    return Place(name, keyring.blind("correlation", key))


def oldest(transaction: Transaction, place: Place, reach: Collection[str] | None = None) -> SubscriptionRow | None:
    """Return the token that has waited longest for a message of this name and key; a suspended case takes none.

    ``reach`` are the region prefixes within which the sender may move cases, None for everywhere.
    """
    values = {"message_": place.name, "correlation_": place.correlation}
    query = _OLDEST if reach is None else _OLDEST.where(sa.or_(*(within(_s.region, prefix) for prefix in reach)))
    return transaction.first(SubscriptionRow, query, values)


def of_case(transaction: Transaction, case: int, message: str) -> SubscriptionRow | None:
    """Return the oldest token of a case that waits for the message."""
    return transaction.first(SubscriptionRow, _OF_CASE, {"case_": case, "message_": message})


def of_tokens(transaction: Transaction, case: int) -> list[SubscriptionRow]:
    """Return what the tokens of a case wait for, oldest first."""
    return transaction.every(SubscriptionRow, _ALL_OF_CASE, {"case_": case})


def of_process(transaction: Transaction, process: str) -> list[int]:
    """Return the keys of what waits for messages in the running cases of a process, oldest first."""
    return list(transaction.execute(_OF_PROCESS, {"process_": process}).scalars())


def of_signal(transaction: Transaction, name: str) -> list[SubscriptionRow]:
    """Return every token that waits for the signal, oldest first."""
    return transaction.every(SubscriptionRow, _OF_SIGNAL, {"message_": name})


def find(transaction: Transaction, key: int) -> SubscriptionRow | None:
    """Return the subscription, None when it was taken meanwhile."""
    return transaction.first(SubscriptionRow, _FIND, {"key_": key})


def key_place(subscription: int) -> bytes:
    """Return what the shown correlation key is bound to when sealed."""
    return b"subscription:%d" % subscription


_s = t.subscription.c
_COLUMNS = tuple(_s[name] for name in SubscriptionRow.__slots__)
_IS_MESSAGE = _s.kind == "message"
_OLDEST = (
    sa.select(*_COLUMNS)
    .join(t.case, t.case.c.key == _s.case)
    .where(_s.message == sa.bindparam("message_"), _s.correlation == sa.bindparam("correlation_"), _IS_MESSAGE)
    .where(t.case.c.suspended == 0)
    .order_by(_s.key)
    .limit(1)
)
_ALL_OF_CASE = sa.select(*_COLUMNS).where(_s.case == sa.bindparam("case_"), _IS_MESSAGE).order_by(_s.key)
_OF_CASE = _ALL_OF_CASE.where(_s.message == sa.bindparam("message_")).limit(1)
_OF_PROCESS = (
    sa.select(_s.key)
    .join(t.case, t.case.c.key == _s.case)
    .where(
        t.case.c.process == sa.bindparam("process_"), t.case.c.status == "open", t.case.c.suspended == 0, _IS_MESSAGE
    )
    .order_by(_s.key)
)
_OF_SIGNAL = sa.select(*_COLUMNS).where(_s.message == sa.bindparam("message_"), _s.kind == "signal").order_by(_s.key)
_FIND = sa.select(*_COLUMNS).where(_s.key == sa.bindparam("key_"))

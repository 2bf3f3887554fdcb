"""Who waits for which message."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One token that waits for a message."""

    key: int
    case: int
    token: int
    process: str
    element: str


def waiting(transaction: Transaction, keyring: Keyring, message: str, key: str) -> list[SubscriptionRow]:
    """Return who waits for the message with this correlation key, oldest first."""
    values = {"message_": message, "correlation_": keyring.blind("correlation", key)}
    return transaction.every(SubscriptionRow, _WAITING, values)


def hearing(transaction: Transaction, signal: str, but: int) -> list[SubscriptionRow]:
    """Return who waits for the signal in other cases than the one that threw it, oldest first."""
    return transaction.every(SubscriptionRow, _HEARING, {"signal_": signal, "but_": but})


def of_case(transaction: Transaction, case: int, message: str) -> SubscriptionRow | None:
    """Return the oldest token of a case that waits for the message."""
    return transaction.first(SubscriptionRow, _OF_CASE, {"case_": case, "message_": message})


def still_waits(transaction: Transaction, key: int) -> bool:
    """Return whether the subscription was not taken meanwhile."""
    return transaction.execute(_STILL, {"key_": key}).first() is not None


_s = t.subscription.c
_WAITING = (
    sa.select(_s.key, _s.case, _s.token, _s.process, _s.element)
    .where(_s.kind == "message", _s.message == sa.bindparam("message_"), _s.correlation == sa.bindparam("correlation_"))
    .order_by(_s.key)
)
_HEARING = (
    sa.select(_s.key, _s.case, _s.token, _s.process, _s.element)
    .where(_s.kind == "signal", _s.message == sa.bindparam("signal_"), _s.case != sa.bindparam("but_"))
    .order_by(_s.case, _s.key)
)
_OF_CASE = (
    sa.select(_s.key, _s.case, _s.token, _s.process, _s.element)
    .where(_s.case == sa.bindparam("case_"), _s.kind == "message", _s.message == sa.bindparam("message_"))
    .order_by(_s.key)
    .limit(1)
)
_STILL = sa.select(_s.key).where(_s.key == sa.bindparam("key_"))

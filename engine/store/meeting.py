"""Where messages and whoever waits for them meet: one lock for each name and correlation key, kept until the commit.

Without it a message published and a token that begins to wait at the same moment would not see each other.
The order of locks is case, then meeting places; whoever holds places only tries to get at other cases and places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from engine.store.transaction import Transaction


class Place(NamedTuple):
    """A message name with the blind index of a correlation key."""

    name: str
    correlation: bytes


def hold(transaction: Transaction, places: Iterable[Place]) -> frozenset[Place]:
    """Return the places this transaction now holds.

    The first call waits until it holds all of them, taken in one order by everybody; later calls leave out what
    somebody else holds, for waiting with places in hand could end in a deadlock.
    """
    wanted = frozenset(places)
    if not transaction.postgresql or not wanted:
        return wanted
    numbers = {_number(place): place for place in wanted}
    if not transaction.holds_places:
        transaction.holds_places = True
        for number in sorted(numbers):
            transaction.execute(_WAIT, {"number": number})
        return wanted
    return frozenset(place for number, place in numbers.items() if _tried(transaction, number))


def wait_for(transaction: Transaction, place: Place) -> None:
    """Hold the place however long it takes; what may not be left for later risks the database's own way out."""
    if transaction.postgresql:
        transaction.holds_places = True
        transaction.execute(_WAIT, {"number": _number(place)})


def hold_id(transaction: Transaction, place: Place, message_id: str) -> None:
    """Let no other message of the same name, key and id be published until the commit."""
    if transaction.postgresql:
        one = Place(place.name, place.correlation + b"\0" + message_id.encode())
        transaction.execute(_WAIT, {"number": _number(one)})


def _tried(transaction: Transaction, number: int) -> bool:
    return bool(transaction.execute(_TRY, {"number": number}).scalar_one())


def _number(place: Place) -> int:
    digest = hashlib.sha256(place.name.encode() + b"\0" + place.correlation).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


_WAIT = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("number", type_=sa.BigInteger)))
_TRY = sa.select(sa.func.pg_try_advisory_xact_lock(sa.bindparam("number", type_=sa.BigInteger)))

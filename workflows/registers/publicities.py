"""What was posted in villages: exactly a name, a number of members and an amount, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa

from engine.errors import ModelError, Text
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers.benefits import benefits
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import publicity

Standing = Literal["posted", "interrupted", "completed", "removed"]


@dataclass(frozen=True, slots=True)
class Shown:
    """The three items a posting may carry; the amount is yuan a month."""

    name: str
    members: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting before or after the confirmation; one after it has no end."""

    kind: str
    stage: Literal["before", "after"]
    place: str
    posted_on: date
    ends_on: date | None
    shown: Shown


class Publicities:
    """The log of publicity as seen with the keys that seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def post(self, transaction: Transaction, case: CaseRef, purpose: str, posting: Posting) -> int:
        """Return the key of the posting; under one purpose a case posts once.

        Raises ModelError for a benefit that is confidential: a child's case is never made public.
        """
        _expect_public(posting.kind)
        known = sa.select(publicity.c.key).where(publicity.c.case == case.key, publicity.c.purpose == purpose)
        found = transaction.execute(known).scalar()
        if found is not None:
            return int(found)
        key = new_key()
        shown = {"name": posting.shown.name, "members": posting.shown.members, "amount": posting.shown.amount}
        row = {"key": key, "region": case.region, "case": case.key, "number": case.number, "purpose": purpose}
        row |= {"kind": posting.kind, "stage": posting.stage, "place": posting.place, "posted_on": posting.posted_on}
        row |= {"ends_on": posting.ends_on, "shown": self._keyring.seal(pack(shown), _place(key))}
        transaction.insert(publicity, [row | {"standing": "posted", "standing_at": transaction.now}])
        return key

    def shown(self, transaction: Transaction, key: int) -> Shown:
        """Return what the posting showed. Raises KeyError for an unknown key."""
        sealed = transaction.execute(sa.select(publicity.c.shown).where(publicity.c.key == key)).scalar()
        if sealed is None:
            raise KeyError(key)
        return Shown(**unpack(self._keyring.open(sealed, _place(key))))


def turn(
    transaction: Transaction, case: CaseRef, purpose: str, standing: Standing, ends_on: date | None = None
) -> bool:
    """Return whether the case's posting stands otherwise from now on; it may end on another day."""
    c = publicity.c
    turned = publicity.update().where(c.case == case.key, c.purpose == purpose, c.standing != standing)
    values: dict[str, object] = {"standing": standing, "standing_at": transaction.now}
    if ends_on is not None:
        values["ends_on"] = ends_on
    return bool(transaction.execute(turned.values(values)).rowcount)


def _expect_public(kind: str) -> None:
    known = benefits().get(kind)
    if known is not None and known.confidential:
        raise ModelError(
            Text(
                f"「{known.name.zh}」不得公示,请从流程中去掉公示步骤。",
                f"Expected no publicity for {known.name.en}, which is never made public; remove it from the diagram.",
            )
        )


def _place(key: int) -> bytes:
    return f"publicity/{key}".encode()

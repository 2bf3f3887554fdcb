"""Authorisations: who let whose data be queried for which purpose, from when until when; withdrawn ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import authorisation

# What an authorisation is given for: the check of a household's economic status.
ECONOMIC_CHECK = "check"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One resident's authorisation; ``scope`` are kinds of data, ``signer`` who signed and as what (本人, 监护人)."""

    resident: int
    purpose: str
    scope: tuple[str, ...]
    way: str
    version: str
    signer: str
    signer_as: str
    given_at: datetime
    valid_to: date
    outside_household: bool = False


@dataclass(frozen=True, slots=True)
class Valid:
    """An authorisation that holds: its key, whose data it opens, and which kinds."""

    key: int
    resident: int
    scope: frozenset[str]


class Authorisations:
    """The register of authorisations as seen with the keys that seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def give(self, transaction: Transaction, case: CaseRef, given: Authorisation) -> int:
        """Return the key of the authorisation; the same resident signing at the same moment gave it once."""
        a = authorisation.c
        known = sa.select(a.key).where(a.case == case.key, a.resident == given.resident, a.given_at == given.given_at)
        found = transaction.execute(known).scalar()
        if found is not None:
            return int(found)
        key = new_key()
        signer = self._keyring.seal(pack({"name": given.signer, "as": given.signer_as}), _place(key))
        row = {"key": key, "region": case.region, "case": case.key, "resident": given.resident, "signer": signer}
        row |= {"purpose": given.purpose, "scope": _joined(given.scope), "way": given.way, "version": given.version}
        row |= {"outside_household": given.outside_household, "given_at": given.given_at}
        row |= {"valid_from": given.given_at.date(), "valid_to": given.valid_to}
        transaction.insert(authorisation, [row | {"withdrawn_at": None, "withdrawn_reason": None}])
        return key

    def signer(self, transaction: Transaction, key: int) -> tuple[str, str]:
        """Return who signed and as what. Raises KeyError for an unknown key."""
        sealed = transaction.execute(sa.select(authorisation.c.signer).where(authorisation.c.key == key)).scalar()
        if sealed is None:
            raise KeyError(key)
        said = unpack(self._keyring.open(sealed, _place(key)))
        return said["name"], said["as"]


def valid(
    transaction: Transaction, residents: Sequence[int], purpose: str, on: date, case: CaseRef | None = None
) -> Sequence[Valid]:
    """Return what opens these residents' data for the purpose on the day, given in the case or, by default, in any."""
    a = authorisation.c
    conditions = [a.resident.in_(residents), a.purpose == purpose, a.withdrawn_at.is_(None)]
    conditions += [a.valid_from <= on, a.valid_to > on]
    if case is not None:
        conditions.append(a.case == case.key)
    rows = transaction.execute(sa.select(a.key, a.resident, a.scope).where(*conditions).order_by(a.key))
    return [Valid(row.key, row.resident, frozenset(row.scope.split(","))) for row in rows]


def missing(
    transaction: Transaction, residents: Sequence[int], purpose: str, on: date, case: CaseRef | None = None
) -> Sequence[int]:
    """Return the residents whose data nothing opens for the purpose on the day."""
    opened = {one.resident for one in valid(transaction, residents, purpose, on, case)}
    return [resident for resident in residents if resident not in opened]


def withdraw(transaction: Transaction, resident: int, purpose: str, reason: str, case: CaseRef | None = None) -> int:
    """Return how many of the resident's authorisations for the purpose end now, in the case or, by default, in any."""
    a = authorisation.c
    conditions = [a.resident == resident, a.purpose == purpose, a.withdrawn_at.is_(None)]
    if case is not None:
        conditions.append(a.case == case.key)
    ended = authorisation.update().where(*conditions)
    return transaction.execute(ended.values(withdrawn_at=transaction.now, withdrawn_reason=reason)).rowcount


def _joined(scope: tuple[str, ...]) -> str:
    return ",".join(sorted(set(scope)))


def _place(key: int) -> bytes:
    return f"authorisation/{key}".encode()

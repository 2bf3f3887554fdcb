"""Residents: who is known by an identity number, and what was known of them on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers import marks
from workflows.registers.bitemporal import Timeline, holding
from workflows.registers.households import HEAD
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import household_member, resident, resident_version

VERSIONS = Timeline(resident_version, resident, "resident", ("resident",))


@dataclass(frozen=True, slots=True)
class Resident:
    """What is known of one person; ``facts`` are FEEL values such as ``born``, ``health`` or ``disability_grade``."""

    name: str
    id_no: str = ""
    phone: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A resident in the register; ``died_on`` is None for the living."""

    key: int
    region: str
    died_on: date | None
    person: Resident


class Residents:
    """The register of residents as seen with the keys that blind and seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def enter(self, transaction: Transaction, case: CaseRef, person: Resident, since: date) -> int:
        """Return the key of the resident, who is known as ``person`` from the day on.

        The same identity number is the same resident; without one the case's resident of that name is. What the
        register knows and ``person`` does not say stays.
        """
        key = self.find(transaction, person.id_no) or self._provisional(transaction, case, person)
        known = self.read(transaction, key, since) if key is not None else None
        if key is None:
            key = self._new(transaction, case, person)
        self.describe(transaction, case, key, person if known is None else _added(known.person, person), since)
        return key

    def describe(self, transaction: Transaction, case: CaseRef, key: int, person: Resident, since: date) -> bool:
        """Return whether what is known of the resident from the day on changed."""
        told = {"name": person.name, "id_no": person.id_no, "phone": person.phone, **person.facts}
        values = {
            "name": marks.name(self._keyring, person.name),
            "phone": marks.phone(self._keyring, person.phone),
            "facts": self._keyring.seal(pack(told), _place(key)),
            "case": case.key,
        }
        return VERSIONS.state(
            transaction, {"resident": key}, values, since, same=lambda row: self._open(key, row["facts"]) == told
        )

    def find(self, transaction: Transaction, id_no: str) -> int | None:
        """Return the key of the resident with the identity number, None when unknown or empty."""
        mark = marks.person(self._keyring, id_no)
        if mark is None:
            return None
        return transaction.execute(_FIND, {"of_person": mark}).scalar()

    def read(self, transaction: Transaction, key: int, on: date) -> Known | None:
        """Return the resident as known on the day, None when there was nothing to know."""
        return self.read_all(transaction, [key], on).get(key)

    def read_all(self, transaction: Transaction, keys: Sequence[int], on: date) -> Mapping[int, Known]:
        """Return the residents by key as known on the day; of whom there was nothing to know is left out."""
        found = {}
        for row in transaction.execute(_KNOWN, {"keys": list(keys), "on_": on}):
            facts = self._open(row.key, row.facts)
            name, id_no, phone = facts.pop("name"), facts.pop("id_no"), facts.pop("phone")
            found[row.key] = Known(row.key, row.region, row.died_on, Resident(name, id_no, phone, facts))
        return found

    def persons(self, transaction: Transaction, keys: Sequence[int], on: date) -> Mapping[int, Resident]:
        """Return who each of the residents is on the day; of whom there was nothing to know is nobody with a name."""
        known = self.read_all(transaction, keys, on)
        return {key: known[key].person if key in known else Resident("") for key in keys}

    def heads(self, transaction: Transaction, homes: Sequence[int], on: date) -> Mapping[int, Resident]:
        """Return whom to ask for in each household on the day: the head, else another member; an empty one is left out."""
        m = household_member.c
        statement = (
            sa.select(m.household, m.resident, resident_version.c.facts)
            .join(resident_version, resident_version.c.resident == m.resident)
            .where(m.household.in_(list(homes)), *holding(household_member, on), *holding(resident_version, on))
            .order_by(m.relation == HEAD, m.resident.desc())
        )
        # The last one stays.
        asked = {row.household: row for row in transaction.execute(statement)}
        return {home: self._person(row.resident, row.facts) for home, row in asked.items()}

    def _person(self, key: int, sealed: bytes) -> Resident:
        facts = self._open(key, sealed)
        return Resident(facts["name"], facts["id_no"], facts["phone"])

    def _provisional(self, transaction: Transaction, case: CaseRef, person: Resident) -> int | None:
        """Return this case's resident of that name without papers; papers that turn up later are entered now."""
        mark = marks.name(self._keyring, person.name)
        key = transaction.execute(_PROVISIONAL, {"of_case": case.key, "of_name": mark}).scalar()
        if key is not None and person.id_no:
            number = marks.person(self._keyring, person.id_no)
            transaction.execute(resident.update().where(resident.c.key == key).values(id_no=number))
        return key

    def _new(self, transaction: Transaction, case: CaseRef, person: Resident) -> int:
        key = new_key()
        row = {"key": key, "region": case.region, "id_no": marks.person(self._keyring, person.id_no)}
        transaction.insert(resident, [row | {"died_on": None, "entered_at": transaction.now}])
        return key

    def _open(self, key: int, facts: bytes) -> dict[str, Any]:
        found: dict[str, Any] = unpack(self._keyring.open(facts, _place(key)))
        return found


def _added(known: Resident, told: Resident) -> Resident:
    return Resident(
        told.name or known.name, told.id_no or known.id_no, told.phone or known.phone, {**known.facts, **told.facts}
    )


def note_death(transaction: Transaction, key: int, on: date | None) -> None:
    """Write the day the resident died, None when the news was false."""
    transaction.execute(resident.update().where(resident.c.key == key).values(died_on=on))


_KNOWN = (
    sa.select(resident.c.key, resident.c.region, resident.c.died_on, resident_version.c.facts)
    .join(resident_version, resident_version.c.resident == resident.c.key)
    .where(
        resident.c.key.in_(sa.bindparam("keys", expanding=True)),
        *holding(resident_version, sa.bindparam("on_", type_=sa.Date)),
    )
)
_FIND = sa.select(resident.c.key).where(resident.c.id_no == sa.bindparam("of_person"))
_PROVISIONAL = (
    sa.select(resident.c.key)
    .join(resident_version, resident_version.c.resident == resident.c.key)
    .where(
        resident.c.id_no.is_(None),
        resident_version.c.case == sa.bindparam("of_case"),
        resident_version.c.name == sa.bindparam("of_name"),
        resident_version.c.recorded_to.is_(None),
    )
    .limit(1)
)


def _place(key: int) -> bytes:
    return f"resident/{key}".encode()

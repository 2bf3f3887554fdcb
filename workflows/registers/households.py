"""Households: who lives together since when, where, and what is known of the whole household."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.tables import Instant, Key
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers import marks
from workflows.registers.bitemporal import Timeline, holding
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import household, household_member, household_version

HEAD = "本人"
VERSIONS = Timeline(household_version, household, "household", ("household",))
MEMBERS = Timeline(household_member, household, "household", ("household", "resident"))

Area = Literal["city", "rural"]


@dataclass(frozen=True, slots=True)
class Household:
    """What is known of a household; ``facts`` are FEEL values such as ``per_head_income``."""

    region: str
    area: Area
    address: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A resident within a household; ``counted`` is whether the benefit counts the person as living together."""

    resident: int
    relation: str
    counted: bool = True


class Households:
    """The register of households as seen with the keys that blind and seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def open_for(self, transaction: Transaction, case: CaseRef, head: int, on: date) -> int:
        """Return the household the head lives in on the day, a new one where there is none."""
        found = of_resident(transaction, head, on)
        if found is not None:
            return found
        key = new_key()
        row = {"key": key, "region": case.region, "opened_by": case.key, "entered_at": transaction.now}
        transaction.insert(household, [row])
        MEMBERS.state(transaction, _member(key, head), {"relation": HEAD, "counted": True, "case": case.key}, on)
        return key

    def describe(self, transaction: Transaction, case: CaseRef, key: int, what: Household, since: date) -> bool:
        """Return whether what is known of the household from the day on changed."""
        told = {"region": what.region, "area": what.area, "address": what.address, **what.facts}
        values = {
            "region": what.region,
            "area": what.area,
            "address": marks.address(self._keyring, what.address, what.region),
            "facts": self._keyring.seal(pack(told), _place(key)),
            "case": case.key,
        }
        changed = VERSIONS.state(
            transaction, {"household": key}, values, since, same=lambda row: self._open(key, row["facts"]) == told
        )
        if changed:
            transaction.execute(household.update().where(household.c.key == key).values(region=what.region))
        return changed

    def read(self, transaction: Transaction, key: int, on: date, known_at: datetime | None = None) -> Household | None:
        """Return the household as it was on the day, as known at the moment (by default now)."""
        names = {"of_household": key, "on_": on, "known_at": known_at}
        sealed = transaction.execute(_FACTS if known_at is None else _FACTS_THEN, names).scalar()
        return None if sealed is None else self._opened(key, sealed)

    def read_all(self, transaction: Transaction, keys: Sequence[int], on: date) -> Mapping[int, Household]:
        """Return the households by key as known on the day; one of which there was nothing to know is left out."""
        rows = transaction.execute(_FACTS_OF_ALL, {"keys": list(keys), "on_": on})
        return {row.household: self._opened(row.household, row.facts) for row in rows}

    def _opened(self, key: int, sealed: bytes) -> Household:
        facts = self._open(key, sealed)
        return Household(facts.pop("region"), facts.pop("area"), facts.pop("address"), facts)

    def _open(self, key: int, facts: bytes) -> dict[str, Any]:
        found: dict[str, Any] = unpack(self._keyring.open(facts, _place(key)))
        return found


def of_resident(transaction: Transaction, resident: int, on: date) -> int | None:
    """Return the household in which the resident is counted on the day, None without one."""
    statement = sa.select(household_member.c.household).where(
        household_member.c.resident == resident, *holding(household_member, on)
    )
    return transaction.execute(
        statement.order_by(household_member.c.counted.desc(), household_member.c.household.desc()).limit(1)
    ).scalar()


def members(transaction: Transaction, key: int, on: date, known_at: datetime | None = None) -> Sequence[Member]:
    """Return who is in the household on the day, as known at the moment (by default now), the head first."""
    names = {"of_household": key, "on_": on, "known_at": known_at}
    rows = transaction.execute(_MEMBERS if known_at is None else _MEMBERS_THEN, names).all()
    found = [Member(row.resident, row.relation, row.counted) for row in rows]
    return sorted(found, key=lambda one: (one.relation != HEAD, one.resident))


def set_members(transaction: Transaction, case: CaseRef, key: int, listed: Sequence[Member], since: date) -> None:
    """Write that exactly these residents are in the household from the day on."""
    kept = {one.resident for one in listed}
    for one in members(transaction, key, since):
        if one.resident not in kept:
            remove(transaction, key, one.resident, since)
    for one in listed:
        add(transaction, case, key, one, since)


def add(transaction: Transaction, case: CaseRef, key: int, member: Member, since: date) -> bool:
    """Return whether the membership from the day on is new or other than before."""
    values = {"relation": member.relation, "counted": member.counted, "case": case.key}
    return MEMBERS.state(transaction, _member(key, member.resident), values, since)


def remove(transaction: Transaction, key: int, resident: int, since: date) -> bool:
    """Return whether the resident was in the household and leaves it on the day."""
    return MEMBERS.end(transaction, _member(key, resident), since)


def _member(key: int, resident: int) -> Mapping[str, int]:
    return {"household": key, "resident": resident}


def _place(key: int) -> bytes:
    return f"household/{key}".encode()


_on, _known_at = sa.bindparam("on_", type_=sa.Date), sa.bindparam("known_at", type_=Instant)
_of_household = sa.bindparam("of_household", type_=Key)
_SELECT_FACTS = sa.select(household_version.c.facts).where(household_version.c.household == _of_household)
_FACTS = _SELECT_FACTS.where(*holding(household_version, _on))
_FACTS_THEN = _SELECT_FACTS.where(*holding(household_version, _on, _known_at))
_FACTS_OF_ALL = sa.select(household_version.c.household, household_version.c.facts).where(
    household_version.c.household.in_(sa.bindparam("keys", expanding=True)), *holding(household_version, _on)
)
_SELECT_MEMBERS = sa.select(household_member).where(household_member.c.household == _of_household)
_MEMBERS = _SELECT_MEMBERS.where(*holding(household_member, _on))
_MEMBERS_THEN = _SELECT_MEMBERS.where(*holding(household_member, _on, _known_at))

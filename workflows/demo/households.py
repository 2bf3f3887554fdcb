"""Families who drew benefits before the demo's past begins: some only to be seen and reviewed, some with a story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.demo.citizens import Citizen, citizen, dice
from workflows.demo.money import monitored
from workflows.departments.households import families
from workflows.registers.given_rosters import give_entry, give_household

VILLAGE = "001"
_SINCE = "2025-07-01"
# Whom a family's head lives with, by the family's kind.
_OTHERS: Mapping[str, Sequence[str]] = {"alone": (), "couple": ("配偶",), "family": ("配偶", "子女")}


@dataclass(frozen=True, slots=True)
class Home:
    """A family that draws a benefit: its head, the others, what it gets a month in yuan."""

    head: Citizen
    others: Sequence[Citizen]
    relations: Sequence[str]
    amount: int
    class_: str
    benefit: str = "dibao"
    next_review: str | None = None
    suspended: str | None = None


def home(name: str, place: str, kind: str, amount: int, class_: str, **more: Any) -> Home:
    """Return the family of the name in the place, the same at every start."""
    random = dice(f"home {name} {place}")
    people = [citizen(random, place) for _ in range(1 + len(_OTHERS[kind]))]
    return Home(people[0], people[1:], _OTHERS[kind], amount, class_, **more)


def give_homes(transaction: Transaction, keyring: Keyring, homes: Iterable[Home]) -> None:
    """Write the families and what they draw into the registers."""
    for one in homes:
        give_entry(transaction, _entry(one), keyring)


def give_monitored(transaction: Transaction, keyring: Keyring) -> None:
    """Write the families of the monitored persons into the registers; they draw nothing."""
    for who, _ in monitored():
        give_household(transaction, _person(who), keyring)


def quiet(place: str) -> list[Home]:
    """Return the place's families that nothing happens to: two of them are due for review in September."""
    return [
        home("quiet 1", place, "alone", 420, "A", next_review="2026-09-12"),
        home("quiet 2", place, "couple", 440, "B", next_review="2026-09-25"),
        home("quiet 3", place, "family", 660, "B", next_review="2026-11-20"),
        home("quiet 4", place, "couple", 380, "C", next_review="2026-09-18", suspended="2026-08-20"),
    ]


def give_subsidies(transaction: Transaction, keyring: Keyring, places: Iterable[str]) -> None:
    """Write who draws a disability subsidy: those whom the federation's list knows rightly, and one in each place wrongly."""
    for one in _LISTED:
        give_entry(transaction, one, keyring)
    for place in places:
        unlisted = citizen(dice(f"unlisted {place}"), place)
        give_entry(transaction, {**_person(unlisted), "benefit": "sub2_care", "amount": 60}, keyring)


def _entry(one: Home) -> Mapping[str, Any]:
    others = [{**_person(who), "relation": relation} for who, relation in zip(one.others, one.relations, strict=True)]
    return {
        **_person(one.head),
        "benefit": one.benefit,
        "amount": one.amount,
        "class": one.class_,
        "since": _SINCE,
        "next_review": one.next_review,
        "suspended": one.suspended,
        "bank_account": one.head.bank_account,
        "members": others,
    }


def _person(who: Citizen) -> Mapping[str, Any]:
    born = date(int(who.id_no[6:10]), int(who.id_no[10:12]), int(who.id_no[12:14]))
    return {
        "name": who.name, "id_no": who.id_no, "phone": who.phone, "region": f"{who.region}{VILLAGE}",
        "place": who.place, "area": "rural", "birth_date": born,
    }  # fmt: skip


def _listed(id_no: str, benefit: str, amount: int, region: str) -> Mapping[str, Any]:
    """Return the entry of a disabled person whom the simulated departments know."""
    name = next(one.name for family in families() for one in family.members if one.person.id_no == id_no)
    account = citizen(dice(id_no), region[:9]).bank_account
    return {
        "benefit": benefit, "name": name, "id_no": id_no, "region": region, "area": "rural", "amount": amount,
        "bank_account": account, "since": _SINCE,
    }  # fmt: skip


# The third draws a living subsidy without drawing the living allowance; a fourth of the county's list draws nothing.
_LISTED = (
    {**_listed("410721198601019368", "sub2_care", 60, "410721102001"), "next_review": "2026-10-01"},
    _listed("410721196103036510", "sub2_care", 60, "410721102001"),
    _listed("410721199805246188", "sub2_life", 60, "410721101001"),
)

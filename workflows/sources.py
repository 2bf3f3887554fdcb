"""Choices that forms take from registers instead of listing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Text
from engine.forms import Option
from engine.queries.open_cases import open_cases as cases_in
from engine.runtime import OptionSource
from engine.store import people
from engine.store.transaction import Transaction
from workflows.registers import regions

_INVESTIGATORS = frozenset({"township_operator", "township_approver", "village_assistant", "village_committee"})
_TOWNSHIP_DIGITS = 9
CHECKS = frozenset({"check", "check_supplement"})
_MOST_CASES = 1000
_BEYOND = Option("elsewhere", Text("新乡市以外", "Beyond Xinxiang"))


def investigators(transaction: Transaction, around: Mapping[str, Any]) -> Sequence[Option]:
    """Return the people who may visit households in the case's township; two of one name carry their login."""
    region = str(around["region"])[:_TOWNSHIP_DIGITS]
    found = [
        row
        for row in people.everyone(transaction)
        if row.active
        and f"@{region}" in row.grants
        and any(_works_in(grant.role, grant.region, region) for grant in people.parse_grants(row.grants))
    ]
    names = Counter(row.name for row in found)
    return [
        Option(name, _both(name))
        for name in (row.name if names[row.name] == 1 else f"{row.name}({row.login})" for row in found)
    ]


def townships(_transaction: Transaction, around: Mapping[str, Any]) -> Sequence[Option]:
    """Return the townships of the case's county, or of the whole city where it has none."""
    county = str(around.get("region") or "")[:6]
    return [Option(unit.code, _both(regions.full_name(unit.code))) for unit in regions.townships(county)]


def registration_places(_transaction: Transaction, around: Mapping[str, Any]) -> Sequence[Option]:
    """Return every township of the city, those of the case's county first, and last any place beyond the city."""
    county = str(around.get("region") or "")[:6]
    every = sorted(regions.townships(), key=lambda unit: (not unit.code.startswith(county), unit.code))
    return [*(Option(unit.code, _both(regions.full_name(unit.code))) for unit in every), _BEYOND]


def open_cases(transaction: Transaction, around: Mapping[str, Any]) -> Sequence[Option]:
    """Return the open cases of the place that a person may ask a check for, none before a place is chosen.

    A check is no reason for a check.
    """
    region = str(around["region"])[:_TOWNSHIP_DIGITS]
    found = cases_in(transaction, region, CHECKS, _MOST_CASES) if region else ()
    return [Option(one.number, _both(f"{one.number} {one.process_name}")) for one in found]


def _both(name: str) -> Text:
    """Return a name of a person or place, which is not translated."""
    return Text(name, name)


def _works_in(role: str, held: str, region: str) -> bool:
    return role in _INVESTIGATORS and held[:_TOWNSHIP_DIGITS] == region


OPTION_SOURCES: Mapping[str, OptionSource] = {
    "investigators": investigators,
    "open_cases": open_cases,
    "regions": townships,
    "registration_places": registration_places,
}

"""The statistical regions of the city: 15 county-level units and 170 township-level codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from workflows.registers.catalogue import rows_of

CITY = "4107"
CITY_NAME = "新乡市"
_LENGTH_OF_TOWNSHIP = 9
_LENGTH_OF_VILLAGE = 12

Kind = Literal["city", "district", "county", "county_city", "functional_zone", "township"]


@dataclass(frozen=True, slots=True)
class Region:
    """One unit; its code begins with the code of the unit above it."""

    code: str
    name: str
    kind: Kind


@cache
def regions() -> Mapping[str, Region]:
    """Return every unit by its code: the city (4 digits), its counties (6) and townships (9)."""
    units = [Region(CITY, CITY_NAME, "city")]
    units += [Region(row["code"], row["name"], row["kind"]) for row in rows_of("counties")]
    units += [Region(row["code"], row["name"], "township") for row in rows_of("townships")]
    return {unit.code: unit for unit in units}


@cache
def counties() -> tuple[Region, ...]:
    """Return the county-level units in the order of their codes."""
    return tuple(unit for unit in regions().values() if unit.kind not in ("city", "township"))


@cache
def townships(county: str = "") -> tuple[Region, ...]:
    """Return the townships of a county, or of the whole city, in the order of their codes."""
    return tuple(unit for unit in regions().values() if unit.kind == "township" and unit.code.startswith(county))


def exists(code: str) -> bool:
    """Return whether the code names a unit; of a village code (12 digits) only the township part must exist."""
    if len(code) == _LENGTH_OF_VILLAGE and code.isascii() and code.isdigit():
        return code[:_LENGTH_OF_TOWNSHIP] in regions()
    return code in regions()


def name(code: str) -> str:
    """Return the unit's own name, a village's township's name, or the code itself when it is unknown."""
    unit = regions().get(code[:_LENGTH_OF_TOWNSHIP])
    return unit.name if unit else code


def children(code: str) -> Sequence[tuple[str, str]]:
    """Return code and name of the units directly inside: counties of the city, townships of a county."""
    inside = {4: 6, 6: _LENGTH_OF_TOWNSHIP}.get(len(code))
    return [
        (unit.code, unit.name)
        for unit in regions().values()
        if len(unit.code) == inside and unit.code[: len(code)] == code
    ]


def full_name(code: str) -> str:
    """Return the name with the county before a township: 红旗区洪门镇."""
    if len(code) < _LENGTH_OF_TOWNSHIP:
        return name(code)
    return name(code[:6]) + name(code)

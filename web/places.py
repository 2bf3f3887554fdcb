"""Which places a page tells of: the one asked for in the address, else all within the person's reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from engine.access import covers
from web.context import reach_of
from workflows.registers import regions

# So many digits of its code an area inside the place has: counties in the city, townships in a county, then villages.
INSIDE = {0: 6, 4: 6, 6: 9, 9: 12, 12: 12}
_ABOVE = {6: 4, 9: 6, 12: 9}


@dataclass(frozen=True, slots=True)
class Places:
    """Region prefixes; ``region`` is the only one of them or empty, ``above`` what lies around the one asked for."""

    prefixes: tuple[str, ...]
    region: str
    above: str

    def inside(self) -> list[tuple[str, int]]:
        """Return each prefix with how many digits the areas inside it have."""
        return [(one, INSIDE.get(len(one), 12)) for one in self.prefixes]


def places(action: str) -> Places:
    """Return the places the request asks for, never beyond where the person may do the action."""
    reach = reach_of(action).regions
    asked = place_asked(reach)
    if asked:
        return Places((asked,), asked, above(asked))
    return Places(tuple(reach), reach[0] if len(reach) == 1 else "", "")


def place_asked(reach: Sequence[str]) -> str:
    """Return the place that the address asks for, empty without one within the reach."""
    asked = request.args.get("region", "")
    return asked if asked.isdecimal() and regions.exists(asked) and covers(reach, asked) else ""


def above(region: str) -> str:
    """Return what lies around the place, empty above a county's city."""
    return region[: _ABOVE.get(len(region), 0)]

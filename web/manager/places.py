"""Which places a manager's page tells of: the one asked for in the address, else all that the person watches over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from engine.access import covers, scope
from web.context import actor, runtime, tx
from workflows.registers import regions

# So many digits of its code an area inside the place has: counties in the city, townships in a county, then villages.
_INSIDE = {0: 6, 4: 6, 6: 9, 9: 12, 12: 12}
_ABOVE = {6: 4, 9: 6, 12: 9}


@dataclass(frozen=True, slots=True)
class Places:
    """Region prefixes; ``region`` is the only one of them or empty, ``above`` what lies around the one asked for."""

    prefixes: tuple[str, ...]
    region: str
    above: str

    def inside(self) -> list[tuple[str, int]]:
        """Return each prefix with how many digits the areas inside it have."""
        return [(one, _INSIDE.get(len(one), 12)) for one in self.prefixes]


def places() -> Places:
    """Return the places the request asks for, never beyond the person's reach."""
    reach = scope(runtime().published(tx()).roles, actor(), "watch").regions
    asked = request.args.get("region", "")
    if asked.isdecimal() and regions.exists(asked) and covers(reach, asked):
        return Places((asked,), asked, asked[: _ABOVE.get(len(asked), 0)])
    return Places(tuple(reach), reach[0] if len(reach) == 1 else "", "")

"""A made-up country of one city, two counties and three townships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """Places by code: two more digits for a county than for its city, three more for a township."""

    names: Mapping[str, str]

    def exists(self, code: str) -> bool:
        """Return whether the code names a place."""
        return code in self.names

    def name(self, code: str) -> str:
        """Return the place's name, the code itself for an unknown one."""
        return self.names.get(code, code)

    def children(self, code: str) -> Sequence[tuple[str, str]]:
        """Return (code, name) of the places directly inside."""
        longer = {0: 4, 4: 6, 6: 9}.get(len(code), 0)
        return [(one, name) for one, name in self.names.items() if one.startswith(code) and len(one) == longer]


NORTH, SOUTH = "410721", "410722"
HILL, LAKE, PORT = "410721101", "410721102", "410722201"
PLACES = Places({"4107": "云州", NORTH: "北县", SOUTH: "南县", HILL: "山镇", LAKE: "湖镇", PORT: "港镇"})

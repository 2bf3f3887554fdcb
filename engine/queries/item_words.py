"""How people call one iteration of a step: a place by its name instead of its code, anything else as it is."""

from __future__ import annotations

from engine.access import LEVEL_DIGITS
from engine.runtime import Runtime

_TOWNSHIP = LEVEL_DIGITS["township"]
_CODES = (LEVEL_DIGITS["county"], _TOWNSHIP, LEVEL_DIGITS["village"])


def item_words(runtime: Runtime, item: str) -> str:
    """Return the name of a region's code, of a village with its number in the township, else the item itself."""
    if not item.isdecimal() or len(item) not in _CODES:
        return item
    return f"{runtime.regions.name(item[:_TOWNSHIP])} {item[_TOWNSHIP:]}".rstrip()


def named_with_item(runtime: Runtime, name: str, item: str | None) -> str:
    """Return what a step is called in one of its iterations: 复核村级台账（翟坡镇 001）."""
    return f"{name}（{item_words(runtime, item)}）" if item else name

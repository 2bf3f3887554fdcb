"""The handbook of diagram elements, as the tests that run them have written it down."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import Text

_FILE = Path(__file__).with_name("elements.json")


@cache
def handbook() -> dict[str, Any]:
    """Return groups of elements, what is kept as drawing only and what is refused, every sentence in both languages."""
    found: dict[str, Any] = json.loads(_FILE.read_text("utf-8"), object_hook=_said)
    return found


def _said(value: dict[str, Any]) -> dict[str, Any]:
    """Put the two languages of an entry together; what else it says stays beside them."""
    if {"zh", "en"} <= value.keys():
        return {**value, "text": Text(value["zh"], value["en"])}
    return value

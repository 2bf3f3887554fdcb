"""The simulated federation of disabled persons and the national system between provinces."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

_KINDS = ("sight", "hearing", "speech", "limb", "intellect", "mental", "multiple")


def card_of(card_no: str) -> Mapping[str, Any]:
    """Return what the federation knows of a card: its last two digits are kind and grade, as on real cards."""
    kind, grade = card_no[18:19], card_no[19:20]
    if not (kind.isdigit() and 1 <= int(kind) <= len(_KINDS) and grade in {"1", "2", "3", "4"}):
        return {"valid": False, "kind": "", "grade": 0, "care_need": False}
    return {"valid": True, "kind": _KINDS[int(kind) - 1], "grade": int(grade), "care_need": grade in {"1", "2"}}


def push_number(key: str) -> str:
    """Return the number under which a push is known, the same one for a repeated request."""
    return "QG" + str(int(hashlib.sha256(key.encode()).hexdigest()[:12], 16)).zfill(15)

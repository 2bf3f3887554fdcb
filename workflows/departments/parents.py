"""What the simulated departments know of parents: the last four signs of the identity number decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Before the check sign, so that invented numbers stay valid.
_KNOWN: Mapping[str, tuple[str, int, str]] = {
    "1": ("dead", 0, "公安"), "2": ("declared_missing", 0, "法院"), "3": ("prison", 14, "司法"),
    "4": ("severe_disability", 0, "残联"), "5": ("serious_illness", 0, "医保"), "6": ("healthy", 0, "公安"),
    "7": ("prison", 5, "司法"),
}  # fmt: skip
_PENDING = "8"


def facts_of(id_no: str) -> Mapping[str, Any]:
    """Return what is known of the person: without a number the police cannot search."""
    if len(id_no) < 18:
        return {"status": "", "months": 0, "source": "", "police": "cannot_search"}
    sign = id_no[-2]
    if sign == _PENDING:
        return {"status": "", "months": 0, "source": "", "police": "pending"}
    if sign not in _KNOWN:
        return {"status": "", "months": 0, "source": "", "police": "cannot_search"}
    status, months, source = _KNOWN[sign]
    return {"status": status, "months": months, "source": source, "police": "found"}

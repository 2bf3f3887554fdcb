"""Which timed starts of the past months the demo's city knew: it came to the system county by county."""

from __future__ import annotations

from datetime import datetime

from engine.clock import SHANGHAI

SHOWN_PLACES = ("410702100", "410721101")
_SHOWN_COUNTIES = frozenset(place[:6] for place in SHOWN_PLACES)
_SINCE = datetime(2026, 9, 1, tzinfo=SHANGHAI)
# Until its first month of payments here, the former system paid.
_PAID_ELSEWHERE = "payroll"
_COUNTY_DIGITS = 6


def took_place(process: str, region: str | None, due_at: datetime) -> bool:
    """Return whether a case began when the process was due to start in the region."""
    if region is None:
        return True
    if process == _PAID_ELSEWHERE:
        return False
    return len(region) < _COUNTY_DIGITS or (region in _SHOWN_COUNTIES and due_at >= _SINCE)

"""Days as an administrator types them."""

from __future__ import annotations

from datetime import date, timedelta

from engine.errors import Invalid, Text

LONGEST = 60


def read_days(text: str) -> list[date]:
    """Return the days of a list such as ``2027-01-01 2027-02-05..2027-02-11``. Raises Invalid naming a wrong one."""
    found: list[date] = []
    for word in text.replace(",", " ").replace("\uff0c", " ").replace("\u3001", " ").split():
        first, _, last = word.partition("..")
        found += _span(word, first, last or first)
    return found


def _span(word: str, first: str, last: str) -> list[date]:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise _wrong(word) from None
    if not 0 <= (end - start).days <= LONGEST:
        raise _wrong(word)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def _wrong(word: str) -> Invalid:
    message = Text(
        f"日期“{word[:30]}”看不懂，请写成 2027-02-05 或 2027-02-05..2027-02-11。",
        f"Expected a date such as 2027-02-05 or 2027-02-05..2027-02-11, but got “{word[:30]}”； correct it.",
    )
    return Invalid(message, {"off_days": message})

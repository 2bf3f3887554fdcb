"""Months as the payment run writes them: ``2026-10`` outside, their first day inside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.clock import add_months
from engine.errors import ModelError, Text


def month_of(written: str) -> date:
    """Return the first day of the month written like 2026-10. Raises ModelError for anything else."""
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        raise ModelError(
            Text(
                f"发放月份应写作 2026-10 这样的形式,但收到的是「{written}」,请检查流程传入的月份。",
                f"Expected a month written like 2026-10, but it is {written!r}, so check what the diagram passes in.",
            )
        ) from None


def written(month: date) -> str:
    """Return the month as it is written: 2026-10."""
    return f"{month:%Y-%m}"


def before(month: date, first: date, most: int) -> Iterator[date]:
    """Yield the months before ``month``, oldest first: at most so many, none before ``first``."""
    for back in range(most, 0, -1):
        earlier = add_months(month, -back)
        if earlier >= first:
            yield earlier

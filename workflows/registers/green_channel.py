"""How many living-allowance cases went the green channel, how fast, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.clock import SHANGHAI, Calendar, workdays_between
from engine.store.scope import within
from engine.store.tables import case
from engine.store.transaction import Transaction
from workflows.registers.tables import decision, dibao_case


@dataclass(frozen=True, slots=True)
class Green:
    """The green channel in one area; ``days`` are the working days of each decided case from acceptance on.

    ``late`` counts approved cases decided after their deadline, and open ones whose deadline is over.
    """

    area: str
    asked: int
    approved: int
    declined: int
    underway: int
    days: tuple[int, ...]
    late: int

    @property
    def average(self) -> float | None:
        """Return the mean working days until the decision, None where nothing is decided."""
        return sum(self.days) / len(self.days) if self.days else None


def green_channel(transaction: Transaction, calendar: Calendar, region: str, digits: int, year: int) -> Sequence[Green]:
    """Return the areas of so many digits within the region for cases accepted in the year, in the order of their codes."""
    today = transaction.now.astimezone(SHANGHAI).date()
    by: dict[str, list[sa.RowMapping]] = {}
    statement = _ROWS.where(within(_c.region, region), _c.accepted_on.between(date(year, 1, 1), date(year, 12, 31)))
    for row in transaction.execute(statement).mappings():
        by.setdefault(row["region"][:digits], []).append(row)
    return [_summed(area, rows, calendar, today) for area, rows in sorted(by.items())]


def _summed(area: str, rows: Sequence[sa.RowMapping], calendar: Calendar, today: date) -> Green:
    went = [row for row in rows if row["green"] == "approved"]
    taken = [(row, _day(row["decided_at"])) for row in went if row["decided_at"] is not None]
    underway = [row for row in went if row["decided_at"] is None and row["ended_at"] is None]
    late = sum(on > row["deadline"] for row, on in taken) + sum(today > row["deadline"] for row in underway)
    return Green(
        area,
        sum(row["green"] == "asked" for row in rows),
        len(went),
        sum(row["green"] == "declined" for row in rows),
        len(underway),
        tuple(workdays_between(calendar, row["accepted_on"], on) for row, on in taken),
        late,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


_c, _d = dibao_case.c, decision.c
_ROWS = (
    sa.select(_c.region, _c.green, _c.accepted_on, _c.deadline, _d.decided_at, case.c.ended_at)
    .join(case, sa.and_(case.c.region == _c.region, case.c.key == _c.case))
    .join(decision, sa.and_(_d.case == _c.case, _d.purpose == "decision"), isouter=True)
    .where(_c.green != "none")
)

"""What a month's frozen rosters come to, area by area, and which townships have confirmed theirs.

Confidential benefits are left out of every figure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.benefits import public_benefits
from workflows.registers.tables import payroll, payroll_line, payroll_township

CAME_BACK = ("returned", "carried")
_COUNTY, _TOWNSHIP = 6, 9
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Area:
    """What one county, township or village is paid for a month; ``total`` is fen.

    ``confirmed_at`` and ``confirmed_by`` are of a township alone; both are None while it has not confirmed.
    """

    area: str
    lines: int
    total: int
    held: int
    unpaid: int
    confirmed_at: datetime | None
    confirmed_by: str | None


def frozen_months(transaction: Transaction, region: str) -> Sequence[date]:
    """Return the newest months whose roster a county within or around the region has frozen, newest first."""
    statement = sa.select(payroll.c.month).where(within(payroll.c.county, region[:_COUNTY])).distinct()
    return transaction.execute(statement.order_by(payroll.c.month.desc()).limit(_MONTHS)).scalars().all()


def areas(transaction: Transaction, month: date, region: str, digits: int) -> Sequence[Area]:
    """Return what the areas of so many digits within the region are paid for the month, in the order of their codes."""
    area = sa.func.substr(_l.region, sa.literal_column("1"), sa.literal_column(str(int(digits)))).label("area")
    statement = (
        sa.select(
            area, sa.func.count().label("lines"), sa.func.sum(_l.amount).label("total"),
            _number("held").label("held"), _number(*CAME_BACK).label("unpaid"),
        )
        .where(*shown_lines(month, region))
        .group_by(area)
        .order_by(area)
    )  # fmt: skip
    asked = sa.select(_t.township, _t.confirmed_at, _t.confirmed_by).where(_t.month == month, within(_t.township, region))
    confirmed = {row.township: row for row in transaction.execute(asked)} if digits == _TOWNSHIP else {}
    return [
        Area(row.area, row.lines, int(row.total), row.held, row.unpaid, *_confirmation(confirmed.get(row.area)))
        for row in transaction.execute(statement)
    ]


def shown_lines(month: date, region: str) -> Collection[sa.ColumnElement[bool]]:
    """Return the conditions of the region's lines of a month that may be shown."""
    return within(_l.county, region[:_COUNTY]), _l.benefit.in_(list(public_benefits())), _l.month == month, within(_l.region, region)


def _number(*states: str) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((_l.state.in_(states), 1)))


def _confirmation(row: sa.Row[Any] | None) -> tuple[datetime | None, str | None]:
    return (None, None) if row is None else (row.confirmed_at, row.confirmed_by)


_l, _t = payroll_line.c, payroll_township.c

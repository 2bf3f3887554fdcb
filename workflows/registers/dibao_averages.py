"""What the living allowance pays per head and month in a county, in towns and in villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.bitemporal import holding
from workflows.registers.tables import household_member, household_version, roster, roster_amount


@dataclass(frozen=True, slots=True)
class Average:
    """What all of an area (city or rural) are due for the month, in fen, and how many persons that is for."""

    area: str
    amount: int
    persons: int


def averages(transaction: Transaction, region: str, on: date) -> Sequence[Average]:
    """Return the sums of the region on the day by area; a single person's entry counts one person."""
    sums: dict[str, tuple[int, int]] = {}
    for statement in (_families(region, on), _single(region, on)):
        for row in transaction.execute(statement):
            amount, persons = sums.get(row.area, (0, 0))
            sums[row.area] = amount + int(row.amount), persons + int(row.persons)
    return [Average(area, *found) for area, found in sorted(sums.items())]


def _families(region: str, on: date) -> sa.Select[Any]:
    m, v = household_member.c, household_version.c
    size = (
        sa.select(m.household, sa.func.count().label("persons"))
        .where(m.counted, *holding(household_member, on))
        .group_by(m.household)
        .subquery()
    )
    return (
        sa.select(v.area, _AMOUNT, sa.func.sum(size.c.persons).label("persons"))
        .select_from(_entries(on))
        .join(household_version, sa.and_(v.household == roster.c.household, *holding(household_version, on)))
        .join(size, size.c.household == roster.c.household)
        .where(*_active(region))
        .group_by(v.area)
    )


def _single(region: str, on: date) -> sa.Select[Any]:
    m, v = household_member.c, household_version.c
    lives = sa.and_(m.resident == roster.c.holder, m.counted, *holding(household_member, on))
    return (
        sa.select(v.area, _AMOUNT, sa.func.count().label("persons"))
        .select_from(_entries(on))
        .join(household_member, lives)
        .join(household_version, sa.and_(v.household == m.household, *holding(household_version, on)))
        .where(*_active(region), roster.c.household.is_(None))
        .group_by(v.area)
    )


def _entries(on: date) -> sa.FromClause:
    return sa.join(roster, roster_amount, sa.and_(roster_amount.c.entry == roster.c.key, *holding(roster_amount, on)))


def _active(region: str) -> tuple[sa.ColumnElement[bool], ...]:
    return roster.c.benefit == "dibao", within(roster.c.region, region), roster.c.state == "active"


_AMOUNT = sa.func.sum(roster_amount.c.amount).label("amount")

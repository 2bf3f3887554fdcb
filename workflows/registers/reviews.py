"""Which entries are due for their regular review, and what the registers themselves say of each household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.tables import (
    LIVE_STATES,
    change_report,
    check_report,
    household_member,
    query_log,
    resident,
    roster,
)


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that is due, with the signs that speak for a visit: none where nothing has visibly changed."""

    entry: int
    holder: int
    household: int | None
    class_: str | None
    due_on: date
    signs: tuple[str, ...]


def townships_due(transaction: Transaction, benefit: str, county: str, until: date) -> Sequence[str]:
    """Return the townships of the county in which an entry of the benefit is due by the day."""
    township = sa.func.substr(roster.c.region, 1, 9)
    statement = sa.select(township).where(*_due(benefit, county, until)).distinct().order_by(township)
    return [str(found) for found in transaction.execute(statement).scalars()]


def due(transaction: Transaction, benefit: str, region: str, until: date) -> Sequence[Due]:
    """Return the entries of the region that are due by the day, each with its signs, the longest due first."""
    statement = sa.select(roster).where(*_due(benefit, region, until)).order_by(roster.c.next_review, roster.c.key)
    rows = transaction.execute(statement).all()
    homes = [row.household for row in rows if row.household is not None]
    found = {sign: _households(transaction, query, homes) for sign, query in _SIGNS.items()}
    return [
        Due(
            row.key,
            row.holder,
            row.household,
            row._mapping["class"],
            row.next_review,
            (
                *(("suspended",) if row.state == "suspended" else ()),
                *(sign for sign, households in found.items() if row.household in households),
            ),
        )
        for row in rows
    ]


def _due(benefit: str, region: str, until: date) -> list[sa.ColumnElement[bool]]:
    c = roster.c
    return [c.benefit == benefit, within(c.region, region), c.state.in_(LIVE_STATES), c.next_review <= until]


def _households(transaction: Transaction, query: sa.Select[Any], homes: Sequence[int]) -> frozenset[int]:
    if not homes:
        return frozenset()
    return frozenset(transaction.execute(query, {"homes": homes}).scalars())


_HOMES: sa.BindParameter[int] = sa.bindparam("homes", expanding=True)
# What is known without asking anybody anew: a query of a person's data needs a case and an authorisation (SD4).
_SIGNS: dict[str, sa.Select[Any]] = {
    "death": sa.select(household_member.c.household)
    .join(resident, resident.c.key == household_member.c.resident)
    .where(
        household_member.c.household.in_(_HOMES),
        household_member.c.recorded_to.is_(None),
        household_member.c.valid_to.is_(None),
        resident.c.died_on.is_not(None),
    ),
    "change": sa.select(change_report.c.household).where(
        change_report.c.household.in_(_HOMES), change_report.c.settled_at.is_(None)
    ),
    "mismatch": sa.select(roster.c.household)
    .join(household_member, household_member.c.household == roster.c.household)
    .join(query_log, query_log.c.resident == household_member.c.resident)
    .join(check_report, check_report.c.request == query_log.c.request)
    .where(
        roster.c.household.in_(_HOMES),
        check_report.c.result == "疑似不符",
        check_report.c.issued_at > roster.c.entered_at,
    ),
}

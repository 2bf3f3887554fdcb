"""Which villages have households that draw benefits, and whether anybody there reported a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.benefits import public_benefits
from workflows.registers.tables import LIVE_STATES, change_report, household, roster


def silent(transaction: Transaction, county: str, since: datetime) -> Sequence[str]:
    """Return the villages of the county in which households draw a benefit and nobody reported a change since then."""
    statement = sa.select(household.c.region).select_from(_drawing(county)).distinct()
    spoke = set(
        transaction.execute(
            sa.select(_PLACE).select_from(_REPORTS).where(*_reported(transaction, county, since))
        ).scalars()
    )
    return sorted(set(transaction.execute(statement).scalars()) - spoke)


def households(transaction: Transaction, village: str) -> int:
    """Return how many households of the village draw a benefit that is no secret."""
    statement = sa.select(sa.func.count(sa.distinct(household.c.key))).select_from(_drawing(village))
    return int(transaction.execute(statement).scalar_one())


def reported(transaction: Transaction, village: str, since: datetime) -> int:
    """Return how many changes in households of the village were reported since then, wherever that was done."""
    statement = sa.select(sa.func.count()).select_from(_REPORTS).where(*_reported(transaction, village, since))
    return int(transaction.execute(statement).scalar_one())


def _drawing(region: str) -> sa.FromClause:
    draws = sa.and_(
        roster.c.household == household.c.key, roster.c.state.in_(LIVE_STATES), roster.c.benefit.in_(list(public_benefits())),
        within(household.c.region, region),
    )  # fmt: skip
    return sa.join(household, roster, draws)


def _reported(transaction: Transaction, region: str, since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return within(_PLACE, region), change_report.c.reported_at.between(since, transaction.now)


_REPORTS = sa.outerjoin(change_report, household, household.c.key == change_report.c.household)
_PLACE = sa.func.coalesce(household.c.region, change_report.c.region)

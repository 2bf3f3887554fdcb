"""The register of applications for the living allowance: variant, deadline with its ground, green channel."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.clock import SHANGHAI
from engine.store.scope import within
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import dibao_case


@dataclass(frozen=True, slots=True)
class Applied:
    """Who applies: ``variant`` is family or single, with the keys of the holder and the household."""

    variant: str
    holder: int | None
    household: int | None
    accepted_on: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when the case has to be decided: the working days in all, why so many, and the day they end with."""

    ground: str
    total_wd: int
    deadline: date


def keep(transaction: Transaction, case: CaseRef, who: Applied, until: Deadline) -> None:
    """Write the case with its deadline; written again the deadline is replaced, the day of acceptance stays."""
    row = {"region": case.region, "case": case.key, "number": case.number, **asdict(who), **asdict(until)}
    _KEEP.run(transaction, [row | {"deadline_at": transaction.now, "green": "none", "green_at": None}])


def green(transaction: Transaction, case: CaseRef, state: str) -> None:
    """Write that the green channel was asked, approved or declined."""
    c = dibao_case.c
    mine = dibao_case.update().where(c.region == case.region, c.case == case.key)
    transaction.execute(mine.values(green=state, green_at=transaction.now))


def green_this_year(transaction: Transaction, region: str) -> int:
    """Return how many cases within the region went the green channel since the first of January."""
    c = dibao_case.c
    since = datetime(transaction.now.astimezone(SHANGHAI).year, 1, 1, tzinfo=SHANGHAI)
    counted = sa.select(sa.func.count()).where(c.green == "approved", within(c.region, region), c.green_at >= since)
    return int(transaction.execute(counted).scalar_one())


_KEEP = replacing(dibao_case, "variant", "holder", "household", "ground", "total_wd", "deadline", "deadline_at")

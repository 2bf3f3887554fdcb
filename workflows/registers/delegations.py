"""Dated records of what a county lets its townships decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.tables import delegation

RELIEF = "relief"


@dataclass(frozen=True, slots=True)
class Delegation:
    """One record: a township (9 digits) or all of a county (6) may decide the item up to a limit in fen."""

    region: str
    item: str
    limit: int
    since: date
    until: date | None = None
    decision: str = ""


def limit_of(transaction: Transaction, region: str, item: str, on: date) -> int | None:
    """Return the limit in fen in force on the day: the township's record before the county's, None without one."""
    names = {"in_region": region, "in_county": region[:6], "of_item": item, "on_day": on}
    return transaction.execute(_LIMIT, names).scalar()


def record(transaction: Transaction, delegations: Iterable[Delegation]) -> None:
    """Write the records; one of the same region, item and first day is replaced."""
    rows = [asdict(one) for one in delegations]
    if rows:
        _RECORD.run(transaction, rows)


_RECORD = replacing(delegation, "until", "limit", "decision")
_LIMIT = (
    sa.select(delegation.c.limit)
    .where(
        delegation.c.region.in_((sa.bindparam("in_region"), sa.bindparam("in_county"))),
        delegation.c.item == sa.bindparam("of_item"),
        delegation.c.since <= sa.bindparam("on_day"),
        sa.or_(delegation.c.until.is_(None), delegation.c.until >= sa.bindparam("on_day")),
    )
    .order_by(delegation.c.region.desc(), delegation.c.since.desc())
    .limit(1)
)

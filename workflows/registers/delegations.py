"""Dated records of what a county lets its townships decide, and from when on it decides again itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa

from engine.access import Scope
from engine.errors import Text
from engine.store.scope import in_scope, within
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.catalogue import rows_of
from workflows.registers.tables import delegation

RELIEF = "temp"


@dataclass(frozen=True, slots=True)
class Item:
    """What may be delegated (D18); ``limited`` items need an amount up to which."""

    id: str
    name: Text
    limited: bool


@dataclass(frozen=True, slots=True)
class Delegation:
    """One record: a township (9 digits) or all of a county (6) may decide the item up to a limit in fen.

    ``since`` and ``until`` both count. A ``withdrawn`` record says that the county decides from its first day on.
    """

    region: str
    item: str
    limit: int
    since: date
    until: date | None = None
    decision: str = ""
    unlimited: bool = False
    withdrawn: bool = False
    reason: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """What the records say of a place on a day: whether the township decides, up to which fen (None: any amount)."""

    given: bool
    limit: int | None


@cache
def items() -> Mapping[str, Item]:
    """Return every item that may be delegated by its id."""
    return {row["id"]: Item(row["id"], Text(row["zh"], row["en"]), row["limited"]) for row in rows_of("delegated_items")}


def in_force(transaction: Transaction, region: str, item: str, on: date) -> InForce | None:
    """Return what holds on the day, the township's record before the county's; None where there never was one.

    Where every record has run out, the county decides.
    """
    names = {"in_region": region, "in_county": region[:6], "of_item": item, "on_day": on}
    rows = transaction.execute(_BEGUN, names).all()
    if not rows:
        return None
    holding = [row for row in rows if row.until is None or row.until >= on]
    if not holding or holding[0].withdrawn:
        return InForce(False, None if rows[0].unlimited else rows[0].limit)
    return InForce(True, None if holding[0].unlimited else holding[0].limit)


def record(transaction: Transaction, delegations: Iterable[Delegation]) -> None:
    """Write the records; one of the same region, item and first day is replaced."""
    rows = [asdict(one) for one in delegations]
    if rows:
        _RECORD.run(transaction, rows)


def withdraw(transaction: Transaction, what: Delegation) -> None:
    """Write that the county decides from the record's first day on; every record of the place ends the day before.

    Withdrawn for a county, the records of its townships end too.
    """
    c, before = delegation.c, what.since - timedelta(days=1)
    ending = delegation.update().where(
        within(c.region, what.region), c.item == what.item, sa.or_(c.until.is_(None), c.until > before)
    )
    transaction.execute(ending.values(until=before))
    record(transaction, [what])


def listed(transaction: Transaction, reach: Scope) -> Sequence[Delegation]:
    """Return the records within the scope, by place and item, the newest first."""
    c = delegation.c
    statement = (
        sa.select(delegation)
        .where(in_scope(c, reach), c.item.in_(list(items())))
        .order_by(c.region, c.item, c.since.desc())
    )
    return [Delegation(**row) for row in transaction.execute(statement).mappings()]


_RECORD = replacing(
    delegation, "until", "limit", "decision", "unlimited", "withdrawn", "reason", "recorded_by", "recorded_at"
)
_BEGUN = (
    sa.select(delegation.c.limit, delegation.c.until, delegation.c.unlimited, delegation.c.withdrawn)
    .where(
        delegation.c.region.in_((sa.bindparam("in_region"), sa.bindparam("in_county"))),
        delegation.c.item == sa.bindparam("of_item"),
        delegation.c.since <= sa.bindparam("on_day"),
    )
    .order_by(delegation.c.region.desc(), delegation.c.since.desc())
)

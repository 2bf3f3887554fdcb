"""One comparison a county and month: opened with everybody who draws a subsidy, closed with what it found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import (
    LIVE_STATES,
    compare_finding,
    compare_person,
    compare_run,
    compare_verdict,
    resident,
    roster,
)

LIVING, CARE = "sub2_life", "sub2_care"
SUBSIDIES = (LIVING, CARE)


def open_run(transaction: Transaction, case: CaseRef, month: date) -> int | None:
    """Return the key of the county's comparison of the month, None when another case does it already.

    It begins with everybody who draws a subsidy in the county; what the county's closed comparisons were told of
    people goes, their mismatches stay.
    """
    known = _of(transaction, case.region, month)
    if known is not None:
        return int(known.key) if known.case == case.key else None
    _forget(transaction, case.region)
    key = new_key()
    row = {"key": key, "county": case.region, "month": month, "case": case.key, "number": case.number}
    transaction.insert(compare_run, [row | {"opened_at": transaction.now, "closed_at": None, "missing": ""}])
    transaction.execute(_DRAWN, {"of_run": key, "of_county": case.region, "beyond": f"{case.region}~"})
    return key


def month_of(transaction: Transaction, run: int) -> date:
    """Return the month that is compared."""
    found: date = transaction.execute(sa.select(compare_run.c.month).where(compare_run.c.key == run)).scalar_one()
    return found


def note_missing(transaction: Transaction, run: int, source: str) -> None:
    """Write that a source did not answer, so that nothing is known of what it alone could tell."""
    transaction.execute(_MISSING, {"of_run": run, "source_": f"{source} "})


def close_run(transaction: Transaction, run: int) -> Mapping[str, int]:
    """Return how many mismatches the comparison found, by queue, and how many people it compared; it ends with that."""
    transaction.execute(compare_run.update().where(_c.key == run).values(closed_at=transaction.now))
    f = compare_finding.c
    counted = sa.select(f.queue, sa.func.count().label("found")).where(f.run == run).group_by(f.queue)
    found = {str(row.queue): int(row.found) for row in transaction.execute(counted)}
    people = sa.select(sa.func.count()).where(compare_person.c.run == run)
    return {**found, "people": int(transaction.execute(people).scalar_one())}


def without_number(transaction: Transaction, county: str) -> int:
    """Return how many people draw a subsidy in the county without an identity number: nobody can compare them."""
    counted = (
        sa.select(sa.func.count(sa.distinct(resident.c.key)))
        .join(roster, roster.c.holder == resident.c.key)
        .where(
            roster.c.benefit.in_(SUBSIDIES),
            roster.c.state.in_(LIVE_STATES),
            within(roster.c.region, county),
            resident.c.id_no.is_(None),
        )
    )
    return int(transaction.execute(counted).scalar_one())


def _of(transaction: Transaction, county: str, month: date) -> sa.Row[Any] | None:
    return transaction.execute(sa.select(_c.key, _c.case).where(_c.county == county, _c.month == month)).first()


def _forget(transaction: Transaction, county: str) -> None:
    earlier = sa.select(_c.key).where(_c.county == county, _c.closed_at.is_not(None))
    for table in (compare_person, compare_verdict):
        transaction.execute(table.delete().where(table.c.run.in_(earlier)))


_c = compare_run.c
_MISSING = (
    compare_run.update()
    .where(_c.key == sa.bindparam("of_run"))
    .values(missing=_c.missing.concat(sa.bindparam("source_")))
)
_r = roster.c
_DRAWN = compare_person.insert().from_select(
    ["run", "person", "resident", "region", "care_need", "custody", "work_injury", "facts"],
    sa.select(
        sa.bindparam("of_run", type_=compare_person.c.run.type),
        resident.c.id_no, resident.c.key, sa.func.min(_r.region), sa.false(), sa.false(), sa.false(), sa.literal(""),
    )
    .join(resident, resident.c.key == _r.holder)
    .where(
        _r.benefit.in_(SUBSIDIES), _r.state.in_(LIVE_STATES), resident.c.id_no.is_not(None),
        _r.region >= sa.bindparam("of_county"), _r.region < sa.bindparam("beyond"),
    )
    .group_by(resident.c.id_no, resident.c.key),
)  # fmt: skip

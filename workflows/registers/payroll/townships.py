"""Townships that confirm their part of the month's roster before the county compiles it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from engine.store.tables import Instant
from engine.store.transaction import Transaction
from workflows.registers.benefits import public_benefits
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import payroll, payroll_line, payroll_township
from workflows.registers.upsert import ignoring

_TOWNSHIP = 9


def ask(transaction: Transaction, case: CaseRef, month: date) -> Sequence[str]:
    """Return the townships that have lines in the county's run and were not asked yet; they are asked now.

    Lines of confidential benefits ask no township: only the county's named staff see them.
    """
    names = {"of_county": case.region, "in_month": month, "listed": list(public_benefits())}
    found = [code for code in transaction.execute(_WITH_LINES, names).scalars() if len(code) == _TOWNSHIP]
    asked = set(transaction.execute(_OF_CASE, {"of_case": case.key, "in_month": month}).scalars())
    new = [code for code in found if code not in asked]
    if new:
        row = {"month": month, "case": case.key, "confirmed_at": None, "confirmed_by": None}
        _ASK.run(transaction, [{"township": code, **row} for code in new])
    return new


def confirm(transaction: Transaction, township: str, month: date, by: str) -> int:
    """Return how many townships of the county have not confirmed yet after this one did; repeated, the same.

    The county's run is locked meanwhile: of two that confirm at once, one is the last.
    """
    transaction.execute(_LOCK, {"of_county": township[:6], "in_month": month}).all()
    names = {"of_township": township, "in_month": month, "by_": by, "at_": transaction.now}
    transaction.execute(_CONFIRM, names)
    names = {"within": township[:6], "beyond": f"{township[:6]}~", "in_month": month}
    return int(transaction.execute(_MISSING, names).scalar() or 0)


def missing(transaction: Transaction, county: str, month: date) -> Sequence[str]:
    """Return the county's townships that were asked and have not confirmed yet."""
    names = {"within": county, "beyond": f"{county}~", "in_month": month}
    return list(transaction.execute(_WHO_MISSES, names).scalars())


_t, _l = payroll_township.c, payroll_line.c
_month = sa.bindparam("in_month", type_=sa.Date)
_code = sa.func.substr(_l.region, 1, _TOWNSHIP)
_ASK = ignoring(payroll_township)
_WITH_LINES = (
    sa.select(_code)
    .where(
        _l.county == sa.bindparam("of_county"), _l.month == _month,
        _l.benefit.in_(sa.bindparam("listed", expanding=True)),
    )
    .distinct()
    .order_by(_code)
)  # fmt: skip
_OF_CASE = sa.select(_t.township).where(_t.case == sa.bindparam("of_case"), _t.month == _month)
_LOCK = (
    sa.select(payroll.c.benefit)
    .where(payroll.c.county == sa.bindparam("of_county"), payroll.c.month == _month)
    .order_by(payroll.c.benefit)
    .with_for_update()
)
_CONFIRM = (
    payroll_township.update()
    .where(_t.township == sa.bindparam("of_township"), _t.month == _month, _t.confirmed_at.is_(None))
    .values(confirmed_at=sa.bindparam("at_", type_=Instant), confirmed_by=sa.bindparam("by_"))
)
_OPEN = (
    _t.month == _month, _t.township >= sa.bindparam("within"), _t.township < sa.bindparam("beyond"),
    _t.confirmed_at.is_(None),
)  # fmt: skip
_MISSING = sa.select(sa.func.count()).select_from(payroll_township).where(*_OPEN)
_WHO_MISSES = sa.select(_t.township).where(*_OPEN).order_by(_t.township)

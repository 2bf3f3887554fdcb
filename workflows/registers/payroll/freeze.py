"""Freezes the roster of a month: what every entry is owed becomes a line, and each line passes the gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.tables import Instant
from engine.store.transaction import Transaction
from workflows.registers.benefits import benefit as benefit_called
from workflows.registers.bitemporal import holding
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import months
from workflows.registers.payroll.gates import Gate
from workflows.registers.tables import (
    decision,
    household_member,
    payroll,
    payroll_line,
    payroll_netting,
    resident,
    roster,
    roster_amount,
)
from workflows.registers.upsert import ignoring


@dataclass(frozen=True, slots=True)
class Back:
    """How far arrears are looked for: the first month this system pays at all, and how many months back at most."""

    first: date
    months: int


def freeze(
    transaction: Transaction, case: CaseRef, benefit: str, month: date, back: Back, excluded_by: Sequence[str] = ()
) -> bool:
    """Return whether the benefit's roster of the case's county was frozen now; once frozen it stays as it is.

    A line is written for whatever an entry is owed and was not paid: for the month itself, and for earlier months
    where a decision came late, was changed, or a payment did not arrive. Nothing is owed twice, in whichever county.
    """
    what = benefit_called(benefit)
    names: dict[str, Any] = {"of_county": case.region, "of_benefit": what.id, "in_month": month}
    names["of_household"] = what.of == "household"
    row: dict[str, Any] = {
        "county": case.region,
        "benefit": benefit,
        "month": month,
        "case": case.key,
        "number": case.number,
    }
    if not _OPEN.run(transaction, row | {"frozen_at": transaction.now, "closed_at": None}).first():
        return False
    _close_earlier(transaction, names)
    since = transaction.execute(_FROZEN_BEFORE, names).scalar()
    names |= {"since": since or _BEGINNING, "beyond": f"{case.region}~"}
    for earlier in months.before(month, back.first, back.months):
        transaction.execute(_ARREARS, names | {"on": earlier})
    transaction.execute(_REGULAR, names | {"on": month})
    transaction.execute(_WITHHELD, names | {"on": month, "at": transaction.now})
    _check_doubles(transaction, names, excluded_by)
    return True


def recheck(transaction: Transaction, county: str, month: date) -> int:
    """Return how many lines are held now because of what became known since the freeze.

    Deaths, stops, suspensions, and payments of the same month by another run.
    """
    names = {"of_county": county, "in_month": month}
    return sum(transaction.execute(statement, names).rowcount for statement in _RECHECKS)


def _check_doubles(transaction: Transaction, names: dict[str, Any], excluded_by: Sequence[str]) -> None:
    for twice in (_TWICE_ON_ROSTER, _HOUSEHOLD_TWICE, _HOLDER_PAID, _HOUSEHOLD_PAID):
        transaction.execute(twice, names)
    for other in excluded_by:
        transaction.execute(_HOLDER_DRAWS, names | {"other": other})
        transaction.execute(_MEMBER_DRAWS, names | {"other": other})


def _close_earlier(transaction: Transaction, names: dict[str, Any]) -> None:
    """What an earlier run left unpaid is owed anew by this one, so that a line is never paid by two."""
    transaction.execute(_CARRY, names)


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_line, _entry, _amount = payroll_line.c, roster.c, roster_amount.c
_month = sa.bindparam("in_month", type_=sa.Date)
_on = sa.bindparam("on", type_=sa.Date)
_county, _benefit = sa.bindparam("of_county", type_=sa.Text), sa.bindparam("of_benefit", type_=sa.Text)
_of_household = sa.bindparam("of_household", type_=sa.Boolean)
_OPEN = ignoring(payroll, payroll.c.case)
_FROZEN_BEFORE = sa.select(sa.func.max(payroll.c.frozen_at)).where(
    payroll.c.county == _county, payroll.c.benefit == _benefit, payroll.c.month < _month
)
_CARRY = (
    payroll_line.update()
    .where(
        _line.county == _county,
        _line.benefit == _benefit,
        _line.month < _month,
        _line.state.in_(("ready", "held", "returned")),
    )
    .values(state="carried")
)


def _numbered(condition: sa.ColumnElement[bool], gate: Gate) -> sa.ColumnElement[int]:
    return sa.case((condition, int(gate)), else_=0)


def netted(entry: Any, month: Any) -> sa.ScalarSelect[int]:
    """Return the fen that are withheld of the entry's month to pay back a claim, as a subquery of the rows around it."""
    n = payroll_netting.c
    withheld = sa.select(sa.func.coalesce(sa.func.sum(n.amount), 0)).where(n.entry == entry, n.for_month == month)
    return withheld.correlate_except(payroll_netting).scalar_subquery()


def _owed() -> sa.Select[Any]:
    """What each entry of the county is owed for the month ``on``: less what was paid, is on its way, or is withheld."""
    earlier = [_line.entry == _entry.key, _line.for_month == _on, _line.state != "carried"]
    paid = sa.select(sa.func.coalesce(sa.func.sum(_line.amount), 0)).where(*earlier).correlate(roster)
    parts = sa.select(sa.func.count()).select_from(payroll_line).where(*earlier).correlate(roster)
    died, account = resident.c.died_on, sa.or_(_entry.account.is_(None), _entry.account_checked_at.is_(None))
    gates = (
        _numbered(sa.and_(died.is_not(None), died < _on), Gate.DEAD)
        + _numbered(account, Gate.ACCOUNT)
        + _numbered(decision.c.amount != _amount.amount, Gate.AMOUNT)
        + _numbered(decision.c.key.is_(None), Gate.UNCONFIRMED)
        + _numbered(_entry.state == "suspended", Gate.SUSPENDED)
    )
    return (
        sa.select(
            _entry.key, _entry.region, _entry.holder, _entry.household, _amount.decision, gates.label("gates"),
            (_amount.amount - paid.scalar_subquery() - netted(_entry.key, _on)).label("owed"), parts.scalar_subquery().label("parts"),
        )
        .join(roster_amount, _amount.entry == _entry.key)
        .join(resident, resident.c.key == _entry.holder)
        .outerjoin(decision, decision.c.key == _amount.decision)
        .where(
            _entry.benefit == _benefit, _entry.region >= _county, _entry.region < sa.bindparam("beyond"), *holding(roster_amount, _on)
        )
    )  # fmt: skip


def _written(owed: sa.Subquery) -> sa.Insert:
    o = owed.c
    columns = (
        "county", "benefit", "month", "entry", "for_month", "part", "region", "holder", "amount", "decision", "gates",
        "state", "attempt", "household",
    )  # fmt: skip
    state = sa.case((o.gates == 0, "ready"), else_="held")
    chosen = sa.select(
        sa.cast(_county, sa.Text), sa.cast(_benefit, sa.Text), _month, o.key, _on, o.parts, o.region, o.holder, o.owed,
        o.decision, o.gates, state, sa.literal(0), sa.case((_of_household, o.household)),
    ).where(o.owed > 0)  # fmt: skip
    return payroll_line.insert().from_select(columns, chosen)


def _late() -> list[sa.ColumnElement[bool]]:
    """Entries that can be owed something for earlier months: news since the last freeze, or a payment that failed."""
    news = sa.select(_amount.entry).where(
        _amount.recorded_from >= sa.bindparam("since", type_=Instant), _amount.valid_from < _month
    )
    failed = sa.select(_line.entry).where(_line.state == "carried", _line.for_month == _on)
    return [_entry.key.in_(news.union(failed))]


_REGULAR = _written(_owed().subquery())
_ARREARS = _written(_owed().where(*_late()).subquery())
_n = payroll_netting.c
_WITHHELD = (
    payroll_netting.update()
    .where(
        _n.for_month == _on, _n.withheld_at.is_(None),
        _n.entry.in_(
            sa.select(_entry.key)
            .join(roster_amount, _amount.entry == _entry.key)
            .where(
                _entry.benefit == _benefit, _entry.region >= _county, _entry.region < sa.bindparam("beyond"),
                _entry.state == "active", _amount.amount >= _n.amount, *holding(roster_amount, _on),
            )
        ),
    )
    .values(withheld_at=sa.bindparam("at", type_=Instant))
)  # fmt: skip
_OF_RUN = (_line.county == _county, _line.benefit == _benefit, _line.month == _month)
_WITHOUT = _line.gates.op("&")(int(Gate.DOUBLE)) == 0


def _double(exists: sa.ColumnElement[bool]) -> sa.Update:
    changed = payroll_line.update().where(*_OF_RUN, _WITHOUT, exists)
    return changed.values(gates=_line.gates + int(Gate.DOUBLE), state="held")


_other = roster.alias("other_entry")
# Concatenated, the benefit is no reason to go through everybody who draws it: the holder's few entries are looked up.
_other_benefit = _other.c.benefit.concat("")
_other_amount = roster_amount.alias("other_amount")
_draws = (
    sa.select(sa.literal(1))
    .select_from(_other.join(_other_amount, _other_amount.c.entry == _other.c.key))
    .where(*holding(_other_amount, _line.for_month), _other_amount.c.amount > 0)
    .correlate(payroll_line)
)
_TWICE_ON_ROSTER = _double(
    _draws.where(_other.c.holder == _line.holder, _other_benefit == _line.benefit, _other.c.key != _line.entry).exists()
)
_of_household_too = (_other.c.household == _line.household, _other_benefit == _line.benefit, _other.c.key != _line.entry)
_HOUSEHOLD_TWICE = _double(sa.and_(_line.household.is_not(None), _draws.where(*_of_household_too).exists()))


def _paid_to(whose: str) -> sa.ColumnElement[bool]:
    """Whether another entry of the same person or household was sent to the bank for the month, by whichever run."""
    g = payroll_line.alias("gone").c
    same = (g.benefit == _line.benefit, g.for_month == _line.for_month, g[whose] == _line[whose])
    gone = sa.select(sa.literal(1)).where(*same, g.entry != _line.entry, g.state.in_(("sent", "paid")))
    return sa.and_(_line[whose].is_not(None), gone.correlate(payroll_line).exists())


_HOLDER_PAID, _HOUSEHOLD_PAID = _double(_paid_to("holder")), _double(_paid_to("household"))
_HOLDER_DRAWS = _double(_draws.where(_other.c.holder == _line.holder, _other_benefit == sa.bindparam("other")).exists())
# The household of the entry counts a member who draws what excludes it.
_own, _member = roster.alias("own_entry"), household_member.alias("member")
_MEMBER_DRAWS = _double(
    _line.entry.in_(
        sa.select(_own.c.key)
        .join(_member, _member.c.household == _own.c.household)
        .join(_other, _other.c.holder == _member.c.resident)
        .join(_other_amount, _other_amount.c.entry == _other.c.key)
        .where(
            _other_benefit == sa.bindparam("other"), _own.c.benefit == _benefit,
            _member.c.counted, *holding(_member, _month), *holding(_other_amount, _month), _other_amount.c.amount > 0,
        )
    )
)  # fmt: skip

_READY = (_line.county == _county, _line.month == _month, _line.state == "ready")


def _held(condition: sa.ColumnElement[bool], gate: Gate) -> sa.Update:
    changed = payroll_line.update().where(*_READY, condition)
    return changed.values(gates=_line.gates.op("|")(int(gate)), state="held")


_RECHECKS = (
    _held(_paid_to("holder"), Gate.DOUBLE),
    _held(_paid_to("household"), Gate.DOUBLE),
    _held(
        _line.holder.in_(
            sa.select(resident.c.key).where(resident.c.key == _line.holder, resident.c.died_on < _line.for_month)
        ),
        Gate.DEAD,
    ),
    _held(
        _line.entry.in_(sa.select(_entry.key).where(_entry.key == _line.entry, _entry.state == "suspended")),
        Gate.SUSPENDED,
    ),
    _held(
        sa.and_(
            _line.part == 0,
            ~sa.exists(
                sa.select(_amount.key).where(
                    _amount.entry == _line.entry, *holding(roster_amount, _line.for_month),
                    _amount.amount == _line.amount + netted(_line.entry, _line.for_month),
                )
            ),
        ),
        Gate.AMOUNT,
    ),
)

"""A month's frozen roster as people read it: line by line beside the month before, and who is gone since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.access import Scope
from engine.clock import add_months
from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.payroll.exceptions import LineRef
from workflows.registers.payroll.month_areas import CAME_BACK, shown_lines
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Accounts, enrolling_case
from workflows.registers.tables import payroll_line, roster

_ACCOUNT_DIGITS = 4
_MOST_GONE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One payment; ``amount`` and ``before`` are fen, ``before`` is what the month before was paid, None if nothing was.

    ``case`` enrolled it, None unless the person may open it. ``account`` is the account's last digits, ``gates`` the sum
    of the gates that the line failed.
    """

    ref: LineRef
    region: str
    person: Resident
    case: int | None
    number: str
    account: str
    amount: int
    before: int | None
    gates: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """Lines by benefit; ``total`` counts those of all pages, ``next`` is where the next page begins."""

    rows: Sequence[Line]
    total: int
    next: LineRef | None


@dataclass(frozen=True, slots=True)
class Gone:
    """Who was paid for the month before and is not on this month's roster; ``before`` is fen."""

    benefit: str
    region: str
    person: Resident
    case: int | None
    number: str
    before: int
    state: str
    until: date | None


class MonthRoster:
    """The lines of a month as seen with the keys that tell who is paid on which account."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents, self._accounts = Residents(keyring), Accounts(keyring)

    def page(
        self, transaction: Transaction, cases: Scope, month: date, region: str,
        *, benefit: str = "", changed: bool = False, failed: bool = False, after: LineRef | None = None, limit: int = 50,
    ) -> LinePage:  # fmt: skip
        """Return the region's lines; ``cases`` are those the person may open.

        ``changed`` are those other than the month before, ``failed`` those that failed a gate or came back.
        """
        conditions = [*shown_lines(month, region), *_narrowed(month, benefit, changed, failed)]
        counted = sa.select(sa.func.count()).select_from(_beside(month)).where(*conditions)
        total = int(transaction.execute(counted).scalar_one())
        statement = (
            sa.select(
                _l.benefit, _l.entry, _l.for_month, _l.region, _l.holder, t.case.c.key.label("case"), roster.c.number,
                roster.c.account, _l.amount, _before.c.amount.label("before"), _l.gates, _l.state, _l.reason, _l.bank_reason,
            )
            .select_from(_with_case(_beside(month), cases))
            .where(*conditions, *_later(after))
            .order_by(_l.benefit, _l.entry, _l.for_month)
            .limit(limit + 1)
        )  # fmt: skip
        rows = transaction.execute(statement).all()
        people = self._residents.persons(transaction, [row.holder for row in rows], transaction.now.date())
        shown = [self._line(row, people) for row in rows[:limit]]
        return LinePage(shown, total, shown[-1].ref if len(rows) > limit else None)

    def gone(self, transaction: Transaction, cases: Scope, month: date, region: str) -> Sequence[Gone]:
        """Return who was on the roster of the month before and has no line for this month, a hundred at most.

        ``cases`` are those the person may open.
        """
        earlier = add_months(month, -1)
        now = payroll_line.alias("now")
        still = sa.exists().where(now.c.entry == _l.entry, now.c.for_month == month, now.c.month == month)
        statement = (
            sa.select(
                _l.benefit, _l.region, _l.holder, t.case.c.key.label("case"), roster.c.number, _l.amount.label("before"),
                roster.c.state, roster.c.until,
            )
            .select_from(_with_case(payroll_line, cases))
            .where(*shown_lines(earlier, region), _l.for_month == earlier, ~still)
            .order_by(_l.benefit, _l.entry)
            .limit(_MOST_GONE)
        )  # fmt: skip
        rows = transaction.execute(statement).all()
        people = self._residents.persons(transaction, [row.holder for row in rows], transaction.now.date())
        return [
            Gone(row.benefit, row.region, people[row.holder], row.case, row.number, row.before, row.state, row.until)
            for row in rows
        ]  # fmt: skip

    def _line(self, row: sa.Row[Any], people: Mapping[int, Resident]) -> Line:
        account = self._accounts.open(row.entry, row.account).get("bank_account", "") if row.account else ""
        return Line(
            LineRef(row.benefit, row.entry, row.for_month), row.region, people[row.holder], row.case, row.number,
            str(account)[-_ACCOUNT_DIGITS:], row.amount, row.before, row.gates, row.state,
            row.bank_reason or row.reason or "",
        )  # fmt: skip


_l = payroll_line.c
_before = payroll_line.alias("before")


def _beside(month: date) -> sa.Join:
    """Return each line together with what the month before was paid."""
    earlier = add_months(month, -1)
    b = _before.c
    same = (b.entry == _l.entry, b.benefit == _l.benefit, b.for_month == earlier, b.month == earlier)
    return payroll_line.outerjoin(_before, sa.and_(*same, _l.for_month == month))


def _with_case(lines: sa.FromClause, cases: Scope) -> sa.Join:
    return lines.join(roster, roster.c.key == _l.entry).outerjoin(t.case, enrolling_case(cases))


def _narrowed(month: date, benefit: str, changed: bool, failed: bool) -> Iterator[sa.ColumnElement[bool]]:
    if benefit:
        yield _l.benefit == benefit
    if changed:
        yield _changed(month)
    if failed:
        yield sa.or_(_l.gates != 0, _l.state.in_(CAME_BACK))


def _changed(month: date) -> sa.ColumnElement[bool]:
    return sa.or_(_l.for_month != month, _before.c.amount.is_(None), _before.c.amount != _l.amount)


def _later(after: LineRef | None) -> Sequence[sa.ColumnElement[bool]]:
    if after is None:
        return ()
    last = sa.tuple_(sa.literal(after.benefit), sa.literal(after.entry), sa.literal(after.for_month))
    return (sa.tuple_(_l.benefit, _l.entry, _l.for_month) > last,)

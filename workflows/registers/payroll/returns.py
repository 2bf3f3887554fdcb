"""Payments that came back, and lines without a checked account: put right, they are paid in this run or the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.tables import Instant
from engine.store.transaction import Transaction
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll.gates import Gate
from workflows.registers.tables import payroll, payroll_account_case, payroll_line, roster
from workflows.registers.upsert import ignoring


@dataclass(frozen=True, slots=True)
class ToMend:
    """An entry whose account must be put right, with one of its lines; ``why`` is what the bank said."""

    entry: int
    benefit: str
    region: str
    holder: int
    number: str
    amount: int
    why: str


def to_mend(transaction: Transaction, county: str, month: date, batch: int | None) -> Sequence[ToMend]:
    """Return the entries whose payment the batch brought back, or without a batch those whose account is unchecked.

    Entries whose account an open case puts right already are left out.
    """
    names: dict[str, object] = {"of_county": county, "in_month": month}
    chosen = _UNCHECKED if batch is None else _BROUGHT_BACK
    rows = transaction.execute(chosen, names if batch is None else names | {"of_batch": batch})
    return [
        ToMend(row.entry, row.benefit, row.region, row.holder, row.number, int(row.amount), row.why or "")
        for row in rows
    ]


def take_in_hand(transaction: Transaction, case: CaseRef, entry: int) -> None:
    """Note that the case puts the entry's account right; the same case notes it once."""
    _TAKE.run(transaction, [{"case": case.key, "entry": entry}])


def mended(transaction: Transaction, entry: int) -> int:
    """Return how many lines of open runs are ready again now that the entry's account was checked."""
    return transaction.execute(_MENDED, {"of_entry": entry}).rowcount


def close(transaction: Transaction, county: str, month: date) -> int:
    """Return how many lines the run leaves unpaid when it closes; what is owed by them, the next run takes up."""
    names = {"of_county": county, "in_month": month, "at_": transaction.now}
    left = transaction.execute(_LEFT, names).scalar() or 0
    transaction.execute(_CLOSE, names)
    return int(left)


_l, _r = payroll_line.c, payroll.c
_county, _month = sa.bindparam("of_county", type_=sa.Text), sa.bindparam("in_month", type_=sa.Date)
_RUN = (_l.county == _county, _l.month == _month)
_in_hand = sa.exists(
    sa.select(t.case.c.key)
    .join(payroll_account_case, payroll_account_case.c.case == t.case.c.key)
    .where(payroll_account_case.c.entry == _l.entry, t.case.c.ended_at.is_(None))
)
_TAKE = ignoring(payroll_account_case)
_account_alone = sa.and_(_l.state == "held", _l.gates == int(Gate.ACCOUNT))
_TO_MEND = (
    sa.select(
        _l.entry, _l.benefit, _l.region, _l.holder, roster.c.number,
        sa.func.sum(_l.amount).label("amount"), sa.func.max(_l.bank_reason).label("why"),
    )
    .join(roster, roster.c.key == _l.entry)
    .where(*_RUN, ~_in_hand)
    .group_by(_l.entry, _l.benefit, _l.region, _l.holder, roster.c.number)
    .order_by(_l.benefit, roster.c.number)
)  # fmt: skip
_UNCHECKED = _TO_MEND.where(_account_alone)
_BROUGHT_BACK = _TO_MEND.where(_l.batch == sa.bindparam("of_batch"), _l.state == "returned")
_open_run = sa.exists(
    sa.select(_r.case).where(
        _r.county == _l.county, _r.benefit == _l.benefit, _r.month == _l.month, _r.closed_at.is_(None)
    )
)
_MENDED = (
    payroll_line.update()
    .where(_l.entry == sa.bindparam("of_entry"), sa.or_(_l.state == "returned", _account_alone), _open_run)
    .values(state="ready", gates=0, batch=None)
)
_LEFT = sa.select(sa.func.count()).select_from(payroll_line).where(*_RUN, _l.state.in_(("ready", "held", "returned")))
_CLOSE = (
    payroll.update()
    .where(_r.county == _county, _r.month == _month, _r.closed_at.is_(None))
    .values(closed_at=sa.bindparam("at_", type_=Instant))
)

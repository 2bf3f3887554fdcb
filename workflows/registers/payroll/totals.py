"""What a run comes to: by benefit for people, and the four sums that must be equal to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.store.transaction import Transaction
from workflows.registers.bitemporal import holding
from workflows.registers.payroll.bank_file import read_total
from workflows.registers.payroll.batches import BankFiles
from workflows.registers.payroll.freeze import netted
from workflows.registers.tables import ledger_transfer, payroll, payroll_batch, payroll_line, roster_amount


@dataclass(frozen=True, slots=True)
class Sum:
    """Lines of one benefit in one state, and their fen."""

    benefit: str
    state: str
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The same money as four books know it, in fen.

    What decisions set; what the files ordered and the bank did not return; what the bank says it paid; what the ledger
    says was paid out.
    """

    decided: int
    filed: int
    bank: int
    ledger: int

    @property
    def equal(self) -> bool:
        """Return whether all four say the same."""
        return self.decided == self.filed == self.bank == self.ledger


def sums(transaction: Transaction, county: str, month: date) -> Sequence[Sum]:
    """Return the lines of the county's run by benefit and state."""
    rows = transaction.execute(_SUMS, {"of_county": county, "in_month": month})
    return [Sum(row.benefit, row.state, row.lines, int(row.total)) for row in rows]


def reconcile(transaction: Transaction, files: BankFiles, county: str, month: date, bank: int) -> Reconciliation:
    """Return the four sums of the county's run; ``bank`` is what the bank says it paid for all its files, in fen.

    Decisions are read as they were known when the roster was frozen, less what they let withhold, the files from the bytes that were sent.
    """
    names = {"of_county": county, "in_month": month}
    settled = transaction.execute(_SETTLED, names).scalars().all()
    ordered = sum(read_total(files.parts(transaction, batch))[1] for batch in settled)
    returned = int(transaction.execute(_CAME_BACK, names).scalar() or 0)
    decided = int(transaction.execute(_DECIDED, names).scalar() or 0)
    ledger = int(transaction.execute(_LEDGER, names).scalar() or 0)
    return Reconciliation(decided, ordered - returned, bank, ledger)


_l, _b, _a, _r = payroll_line.c, payroll_batch.c, roster_amount.c, payroll.c
_county, _month = sa.bindparam("of_county", type_=sa.Text), sa.bindparam("in_month", type_=sa.Date)
_RUN = (_l.county == _county, _l.month == _month)
_SUMS = (
    sa.select(_l.benefit, _l.state, sa.func.count().label("lines"), sa.func.sum(_l.amount).label("total"))
    .where(*_RUN)
    .group_by(_l.benefit, _l.state)
    .order_by(_l.benefit, _l.state)
)
_SETTLED = sa.select(_b.key).where(_b.county == _county, _b.month == _month, _b.state == "settled").order_by(_b.attempt)
_CAME_BACK = sa.select(sa.func.sum(_b.returned)).where(_b.county == _county, _b.month == _month, _b.state == "settled")
_before = payroll_line.alias("before")
_PAID_BEFORE = (
    sa.select(sa.func.coalesce(sa.func.sum(_before.c.amount), 0))
    .where(
        _before.c.entry == _l.entry, _before.c.for_month == _l.for_month, _before.c.month < _l.month,
        _before.c.state != "carried",
    )
    .correlate(payroll_line)
    .scalar_subquery()
)  # fmt: skip
_DECIDED = (
    sa.select(sa.func.sum(_a.amount - _PAID_BEFORE - netted(_l.entry, _l.for_month)))
    .select_from(payroll_line)
    .join(payroll, sa.and_(_r.county == _l.county, _r.benefit == _l.benefit, _r.month == _l.month))
    .join(roster_amount, _a.entry == _l.entry)
    .where(
        *_RUN, _l.state == "paid", *holding(roster_amount, _l.for_month, _r.frozen_at),
    )
)  # fmt: skip
_LEDGER = sa.select(sa.func.sum(ledger_transfer.c.amount)).where(
    ledger_transfer.c.region == _county,
    ledger_transfer.c.kind == "payroll_paid",
    ledger_transfer.c.case.in_(sa.select(_r.case).where(_r.county == _county, _r.month == _month)),
)

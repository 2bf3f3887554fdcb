"""What an entry's lines of the month's run become once somebody finds that nothing keeps them back any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.store.transaction import Transaction
from workflows.registers.payroll.gates import Gate
from workflows.registers.tables import payroll, payroll_line


@dataclass(frozen=True, slots=True)
class Overpaid:
    """What an entry was paid for months that were not due: the sum in fen, and the months, oldest first."""

    amount: int
    months: tuple[date, ...]


def release(transaction: Transaction, entry: int) -> int:
    """Return how many lines of runs that are still open are ready again: held by nothing but a death or a suspension."""
    c, kept = payroll_line.c, int(~(Gate.DEAD | Gate.SUSPENDED) & sum(Gate))
    runs = sa.select(sa.literal(1)).where(
        payroll.c.county == c.county,
        payroll.c.benefit == c.benefit,
        payroll.c.month == c.month,
        payroll.c.closed_at.is_(None),
    )
    freed = payroll_line.update().where(
        c.entry == entry, c.state == "held", c.gates.op("&")(kept) == 0, c.decided_by.is_(None), runs.exists()
    )
    return transaction.execute(freed.values(state="ready", gates=0)).rowcount


def overpaid(transaction: Transaction, entry: int, since: date) -> Overpaid:
    """Return what is on its way or was paid to the entry for the months from the day on."""
    c = payroll_line.c
    statement = (
        sa.select(c.for_month, sa.func.sum(c.amount).label("amount"))
        .where(c.entry == entry, c.for_month >= since, c.state.in_(("sent", "paid")))
        .group_by(c.for_month)
        .order_by(c.for_month)
    )
    rows = transaction.execute(statement).all()
    return Overpaid(sum(int(row.amount) for row in rows), tuple(row.for_month for row in rows))

"""Lines that failed a gate, and what a person decided on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.errors import Invalid, ModelError, Text
from engine.store.existing import LARGEST_KEY
from engine.store.tables import Key
from engine.store.transaction import Transaction
from workflows.registers.benefits import benefits
from workflows.registers.payroll import months
from workflows.registers.payroll.gates import A_PERSON_MAY_PASS, NOBODY_IS_ASKED, Gate, told
from workflows.registers.tables import decision, payroll_line, roster

PAY, HOLD, DROP = "pay", "hold", "drop"


@dataclass(frozen=True, slots=True)
class LineRef:
    """One line of a month's run, written ``benefit/entry/2026-10`` with the month it is owed for."""

    benefit: str
    entry: int
    for_month: date

    def __str__(self) -> str:
        return f"{self.benefit}/{self.entry}/{months.written(self.for_month)}"


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A line that waits for a person; ``gates`` is the sum of those it failed.

    ``amount`` and ``decided``, what the decision says, are fen.
    """

    line: LineRef
    region: str
    holder: int
    number: str
    amount: int
    decided: int | None
    gates: int

    @property
    def may_be_paid(self) -> bool:
        """Return whether a person may let it pass as it is."""
        return not self.gates & ~A_PERSON_MAY_PASS


def line_of(written: str) -> LineRef:
    """Return the line written as ``benefit/entry/2026-10``. Raises ModelError for anything else."""
    benefit, entry, month = [*written.split("/"), "", ""][:3]
    if not _is_key(entry):
        raise ModelError(
            Text(
                f"名册行应写作 待遇/编号/月份,但收到的是「{written}」,请检查流程传入的变量。",
                f"Expected a line written as benefit/entry/month, but it is {written!r}; check what is passed in.",
            )
        )
    return LineRef(benefit, int(entry), months.month_of(month))


def _is_key(written: str) -> bool:
    return written.isdecimal() and len(written) <= len(str(LARGEST_KEY)) and int(written) <= LARGEST_KEY


def waiting(transaction: Transaction, within: str, month: date, *, confidential: bool) -> Sequence[Exceptional]:
    """Return the lines of the region on which nobody decided yet, confidential benefits alone or all others."""
    listed = [one.id for one in benefits().values() if one.confidential == confidential]
    names = {"within": within, "beyond": f"{within}~", "county_": within[:6], "in_month": month, "listed": listed}
    return [
        Exceptional(LineRef(row.benefit, row.entry, row.for_month), row.region, row.holder, row.number, row.amount, row.decided, row.gates)
        for row in transaction.execute(_WAITING, names)
    ]  # fmt: skip


def decide(
    transaction: Transaction, county: str, month: date, line: LineRef, decision: str, by: str, reason: str
) -> str:
    """Return the line's state after the decision: ``ready``, ``held`` or ``dropped``; once ready or dropped it stays.

    Raises Invalid when the line must not be paid as it is, or when the same person is paid the same month already.
    """
    names = {
        "of_county": county, "in_month": month, "of_benefit": line.benefit, "of_entry": line.entry, "of_month": line.for_month,
    }  # fmt: skip
    row = transaction.execute(_LINE, names).first()
    if row is None or row.state != "held":
        return "" if row is None else str(row.state)
    if decision == PAY:
        _may_pay(transaction, row)
    state = {PAY: "ready", DROP: "dropped"}.get(decision, "held")
    transaction.execute(_DECIDE, names | {"state_": state, "by_": by, "reason_": reason})
    return state


_l = payroll_line.c
_WAITING = (
    sa.select(_l.benefit, _l.entry, _l.for_month, _l.region, _l.holder, roster.c.number, _l.amount, decision.c.amount.label("decided"), _l.gates)
    .join(roster, roster.c.key == _l.entry)
    .outerjoin(decision, decision.c.key == _l.decision)
    .where(
        _l.county == sa.bindparam("county_"), _l.month == sa.bindparam("in_month", type_=sa.Date),
        _l.benefit.in_(sa.bindparam("listed", expanding=True)), _l.state == "held", _l.decided_by.is_(None),
        _l.region >= sa.bindparam("within"), _l.region < sa.bindparam("beyond"), _l.gates.not_in([int(gates) for gates in NOBODY_IS_ASKED]),
    )
    .order_by(_l.benefit, roster.c.number, _l.for_month)
)  # fmt: skip
_THIS = (
    _l.county == sa.bindparam("of_county"), _l.month == sa.bindparam("in_month", type_=sa.Date),
    _l.benefit == sa.bindparam("of_benefit"), _l.entry == sa.bindparam("of_entry"),
    _l.for_month == sa.bindparam("of_month", type_=sa.Date),
)  # fmt: skip
_LINE = sa.select(payroll_line).where(*_THIS).with_for_update()
_DECIDE = (
    payroll_line.update()
    .where(*_THIS)
    .values(state=sa.bindparam("state_"), decided_by=sa.bindparam("by_"), reason=sa.bindparam("reason_"))
)
_ELSEWHERE = sa.select(_l.entry).where(
    _l.benefit == sa.bindparam("of_benefit"),
    sa.or_(_l.holder == sa.bindparam("of_holder"), _l.household == sa.bindparam("of_household", type_=Key)),
    _l.for_month == sa.bindparam("of_month", type_=sa.Date), _l.entry != sa.bindparam("of_entry"),
    _l.state.in_(("ready", "sent", "paid")),
)  # fmt: skip


def _may_pay(transaction: Transaction, row: sa.Row[Any]) -> None:
    if row.gates & ~A_PERSON_MAY_PASS:
        wrong = Gate(row.gates & ~A_PERSON_MAY_PASS)
        raise Invalid(
            Text(
                f"该行因「{told(int(wrong))}」不能照发,请选择暂缓或不发,待改正后由下次发放补发。",
                f"Expected a line that may be paid as it is, but it failed {told(int(wrong), 'en')}, so hold or drop it.",
            )
        )
    names = {"of_benefit": row.benefit, "of_holder": row.holder, "of_month": row.for_month, "of_entry": row.entry}
    names["of_household"] = row.household
    if transaction.execute(_ELSEWHERE, names).first() is not None:
        raise Invalid(
            Text(
                "同一人(户)同一待遇同一月份已有一行列入发放,不能重复发放,请选择不发。",
                "Expected one payment a person or household, benefit and month, but another line is paid already, so drop this one.",
            )
        )

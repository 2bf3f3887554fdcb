"""Claims for money paid wrongly: what is due, what came back in which way, what is withheld of later months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.clock import add_months
from engine.errors import Invalid, Text
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers import marks, payments
from workflows.registers.benefits import public_benefits
from workflows.registers.ledger import Account, CaseRef, Movement, move
from workflows.registers.money import written, yuan
from workflows.registers.payroll.batches import BUDGET, PAID_OUT
from workflows.registers.tables import (
    credit_record,
    payroll,
    payroll_netting,
    recovery,
    recovery_receipt,
    roster,
    roster_amount,
)
from workflows.registers.upsert import ignoring

FINES_DUE, FINES = "fines_due", "fine_income"
_COUNTY = 6


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, in fen: of a relief payment, or of an entry's months that were paid wrongly."""

    due: int
    payment: int | None
    entry: int | None
    cause: str = ""
    fine: int = 0


def note(transaction: Transaction, case: CaseRef, claim: Claim, standing: str) -> None:
    """Write how the case's claim stands; a later note replaces an earlier one."""
    row = {"region": case.region, "case": case.key, "number": case.number, "payment": claim.payment or 0}
    row |= {"due": claim.due, "entry": claim.entry, "cause": claim.cause or None, "fine": claim.fine or None}
    _NOTE.run(transaction, [row | {"standing": standing, "noted_at": transaction.now}])


def refund(transaction: Transaction, case: CaseRef, claim: Claim, amount: int, receipt: str) -> int:
    """Return the fen still out after a refund entered the books; a receipt counts once.

    Money of a relief payment is its fund's again, money of a monthly benefit the county's. Raises Invalid for more than
    is still out.
    """
    known = transaction.execute(_RECEIPT, {"of_case": case.key, "of_receipt": receipt}).first()
    out = claim.due - received(transaction, case)
    if known is not None:
        return out
    _refuse_more(amount, out)
    if claim.payment is not None:
        payments.recover(transaction, claim.payment, amount, receipt)
    else:
        county = case.region[:_COUNTY]
        ends = Account(county, PAID_OUT), Account(county, BUDGET)
        move(transaction, Movement(case, f"recover:{receipt}", "benefit_recovered", *ends, amount))
    _note_receipt(transaction, case, receipt, "refund", amount)
    return out - amount


def pay_fine(transaction: Transaction, case: CaseRef, amount: int) -> None:
    """Book the fine; repeated, nothing changes."""
    county = case.region[:_COUNTY]
    ends = Account(county, FINES_DUE), Account(county, FINES)
    if move(transaction, Movement(case, "fine", "fine", *ends, amount)).now:
        _note_receipt(transaction, case, "fine", "fine", amount)


def received(transaction: Transaction, case: CaseRef) -> int:
    """Return the fen of the claim that came back: refunds and withheld parts of months, without the fine."""
    return int(transaction.execute(_RECEIVED, {"of_case": case.key}).scalar_one())


def netting_entry(transaction: Transaction, holder: int) -> tuple[int, int] | None:
    """Return the entry with the largest monthly amount that the person draws from now on, and that amount in fen.

    What a child lives on is never withheld, and whoever recovers does not learn of it: confidential benefits are left out.
    """
    row = transaction.execute(_DRAWN, {"of_holder": holder, "listed": list(public_benefits())}).first()
    return None if row is None else (int(row.key), int(row.amount))


def plan_netting(transaction: Transaction, case: CaseRef, entry: int, amount: int, monthly: int) -> date:
    """Return the last month of which a part is withheld, until the amount is paid back.

    It begins with the first month whose roster is not frozen yet. Planned again for the case, the plan stays.
    """
    planned: date | None = transaction.execute(_PLANNED, {"of_case": case.key}).scalar()
    if planned is not None:
        return planned
    months = _months(transaction, entry, -(-amount // monthly))
    parts = [monthly] * (len(months) - 1) + [amount - monthly * (len(months) - 1)]
    rows = [{"entry": entry, "for_month": month, "case": case.key, "amount": part, "withheld_at": None}
            for month, part in zip(months, parts, strict=True)]  # fmt: skip
    transaction.insert(payroll_netting, rows)
    return months[-1]


def take_netting(transaction: Transaction, case: CaseRef, claim: Claim) -> int:
    """Return the fen still out after what was withheld so far counts; what was not withheld is no longer planned."""
    for row in transaction.execute(_WITHHELD, {"of_case": case.key}):
        _note_receipt(transaction, case, f"{row.entry}-{row.for_month:%Y%m}", "netting", row.amount)
    transaction.execute(_FORGET_PLAN, {"of_case": case.key})
    return claim.due - received(transaction, case)


def note_credit(transaction: Transaction, case: CaseRef, keyring: Keyring, id_no: str, claim: Claim) -> None:
    """Write into the credit record that the claim was fraud; written once."""
    row = {"region": case.region, "case": case.key, "number": case.number, "person": marks.person(keyring, id_no)}
    row |= {"amount": claim.due, "fine": claim.fine, "noted_at": transaction.now}
    _CREDIT.run(transaction, [row])


def _months(transaction: Transaction, entry: int, count: int) -> Sequence[date]:
    frozen: date | None = transaction.execute(_FROZEN, {"of_entry": entry}).scalar()
    first = transaction.now.date().replace(day=1)
    begin = add_months(max(first, frozen or first), 1)
    return [add_months(begin, further) for further in range(count)]


def _note_receipt(transaction: Transaction, case: CaseRef, receipt: str, way: str, amount: int) -> None:
    row = {"case": case.key, "receipt": receipt, "region": case.region, "way": way, "amount": amount}
    _KEEP.run(transaction, [row | {"at": transaction.now}])


def _refuse_more(amount: int, out: int) -> None:
    if amount > out:
        raise Invalid(
            Text(
                f"退款金额应不超过尚未退还的 {written(out)},但填写的是 {written(amount)},请核对后重填。",
                f"Expected at most {yuan(out)} yuan still out, but {yuan(amount)} was entered, so check it.",
            )
        )


_NOTE = replacing(recovery, "payment", "due", "standing", "noted_at", "entry", "cause", "fine")
_KEEP = ignoring(recovery_receipt)
_CREDIT = ignoring(credit_record)
_p, _n = recovery_receipt.c, payroll_netting.c
_RECEIPT = sa.select(_p.amount).where(_p.case == sa.bindparam("of_case"), _p.receipt == sa.bindparam("of_receipt"))
_RECEIVED = sa.select(sa.func.coalesce(sa.func.sum(_p.amount), 0)).where(
    _p.case == sa.bindparam("of_case"), _p.way != "fine"
)
_PLANNED = sa.select(sa.func.max(_n.for_month)).where(_n.case == sa.bindparam("of_case"))
_WITHHELD = sa.select(_n.entry, _n.for_month, _n.amount).where(
    _n.case == sa.bindparam("of_case"), _n.withheld_at.is_not(None)
)
_FORGET_PLAN = payroll_netting.delete().where(_n.case == sa.bindparam("of_case"), _n.withheld_at.is_(None))
_DRAWN = (
    sa.select(roster.c.key, roster_amount.c.amount)
    .join(roster_amount, roster_amount.c.entry == roster.c.key)
    .where(
        roster.c.holder == sa.bindparam("of_holder"), roster.c.state == "active", roster_amount.c.amount > 0,
        roster.c.benefit.in_(sa.bindparam("listed", expanding=True)),
        roster_amount.c.recorded_to.is_(None), roster_amount.c.valid_to.is_(None),
    )
    .order_by(roster_amount.c.amount.desc(), roster.c.key)
    .limit(1)
)  # fmt: skip
_FROZEN = (
    sa.select(sa.func.max(payroll.c.month))
    .join(roster, roster.c.benefit == payroll.c.benefit)
    .where(roster.c.key == sa.bindparam("of_entry"), payroll.c.county == sa.func.substr(roster.c.region, 1, _COUNTY))
)

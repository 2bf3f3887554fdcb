"""Payments of a case: booked from a reserve fund, instructed, then confirmed or reversed; never twice for a purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.errors import Invalid, ModelError, Text
from engine.store.keys import new_key
from engine.store.tables import Instant
from engine.store.transaction import Transaction
from workflows.registers.funds import ask_refill
from workflows.registers.ledger import Account, CaseRef, Movement, Overdrawn, balance, move
from workflows.registers.money import written, yuan
from workflows.registers.tables import CLEARING, FUND, payment

RELIEF_PAID = "relief_paid"


@dataclass(frozen=True, slots=True)
class Booked:
    """The answer of a booking; without ``payment`` the fund held too little and nothing was written."""

    payment: int | None
    fund_left: int
    refill: bool = False


def book(
    transaction: Transaction, case: CaseRef, purpose: str, amount: int, fund: Account, way: str, refill_ratio: Decimal
) -> Booked:
    """Return the payment booked from the fund; a purpose that is paid or on its way is not booked again."""
    last = transaction.execute(_LAST, {"in_region": case.region, "of_case": case.key, "of_purpose": purpose}).first()
    if last is not None and last.status != "reversed":
        _same(last, amount, fund, case)
        return Booked(last.key, balance(transaction, fund))
    attempt = last.attempt + 1 if last is not None else 1
    clearing = Account(fund.region, CLEARING)
    try:
        left = move(transaction, Movement(case, f"{purpose}#{attempt}:book", "booking", fund, clearing, amount)).left
    except Overdrawn as refused:
        return Booked(None, refused.balance, ask_refill(transaction, fund, refused.balance, refill_ratio))
    key = new_key()
    row = {"key": key, "purpose": purpose, "attempt": attempt, "fund_region": fund.region, "amount": amount}
    row |= {"region": case.region, "case": case.key, "number": case.number, "recovered": 0}
    row |= {"way": way, "status": "booked", "booked_at": transaction.now}
    transaction.insert(payment, [row])
    return Booked(key, left, ask_refill(transaction, fund, left, refill_ratio))


def instruct(transaction: Transaction, key: int) -> None:
    """Note that the bank was told to pay; a payment already further on stays as it is."""
    found = _payment(transaction, key)
    _refuse_when(found, ("reversed",), "通知银行付款", "be instructed")
    if found.status == "booked":
        transaction.execute(_INSTRUCT, {"of_key": key, "moment": transaction.now})


def confirm(transaction: Transaction, key: int) -> datetime:
    """Return when the payment was confirmed as paid out; repeated, the first time. Raises ModelError when reversed."""
    found = _payment(transaction, key)
    _refuse_when(found, ("reversed",), "确认", "be confirmed")
    if found.status == "confirmed":
        paid_at: datetime = found.confirmed_at
        return paid_at
    _between(transaction, found, "confirm", "payment", CLEARING, RELIEF_PAID)
    transaction.execute(_CONFIRM, {"of_key": key, "moment": transaction.now})
    return transaction.now


def reverse(transaction: Transaction, key: int) -> None:
    """Return a payment that did not arrive to its fund; repeated, nothing. Raises ModelError when it was confirmed."""
    found = _payment(transaction, key)
    _refuse_when(found, ("confirmed",), "冲回", "be reversed")
    if found.status != "reversed":
        _between(transaction, found, "reverse", "reversal", CLEARING, FUND)
        transaction.execute(_REVERSE, {"of_key": key, "moment": transaction.now})


def recover(transaction: Transaction, key: int, amount: int, receipt: str) -> int:
    """Return how many fen are still out after a refund entered the fund; a receipt counts once.

    Raises Invalid for more than was paid out, ModelError for a payment that was not confirmed.
    """
    found = _payment(transaction, key)
    _refuse_when(found, ("booked", "instructed", "reversed"), "追回", "be recovered")
    out = int(found.amount - found.recovered)
    if not _between(transaction, found, f"recover:{receipt}", "recovery", RELIEF_PAID, FUND, amount):
        return out
    if amount > out:
        raise Invalid(
            Text(
                f"追回金额应不超过尚未追回的 {written(out)},但填写的是 {written(amount)},请核对后重填。",
                f"Expected at most {yuan(out)} yuan still to be recovered, but {yuan(amount)} was entered, "
                "so check it.",
            )
        )
    transaction.execute(_RECOVER, {"of_key": key, "more": amount})
    return out - amount


def confirmed_total(transaction: Transaction) -> Decimal:
    """Return the yuan of all confirmed payments by bank transfer, for comparison with the bank."""
    total = sa.select(sa.func.sum(payment.c.amount)).where(payment.c.status == "confirmed", payment.c.way == "transfer")
    return yuan(int(transaction.execute(total).scalar() or 0))


_LAST = (
    sa.select(payment.c.key, payment.c.status, payment.c.attempt, payment.c.amount, payment.c.fund_region)
    .where(
        payment.c.region == sa.bindparam("in_region"),
        payment.c.case == sa.bindparam("of_case"),
        payment.c.purpose == sa.bindparam("of_purpose"),
    )
    .order_by(payment.c.attempt.desc())
    .limit(1)
)
_PAYMENT = sa.select(payment).where(payment.c.key == sa.bindparam("of_key")).with_for_update()
_CHANGE = payment.update().where(payment.c.key == sa.bindparam("of_key"))
_INSTRUCT = _CHANGE.values(status="instructed", instructed_at=sa.bindparam("moment", type_=Instant))
_CONFIRM = _CHANGE.values(status="confirmed", confirmed_at=sa.bindparam("moment", type_=Instant))
_REVERSE = _CHANGE.values(status="reversed", reversed_at=sa.bindparam("moment", type_=Instant))
_RECOVER = _CHANGE.values(recovered=payment.c.recovered + sa.bindparam("more"))
_STATUS = {"booked": "已记账", "instructed": "已通知银行", "confirmed": "已支付", "reversed": "已冲回"}


def _payment(transaction: Transaction, key: int) -> sa.Row[Any]:
    found = transaction.execute(_PAYMENT, {"of_key": key}).first()
    if found is None:
        raise ModelError(
            Text(
                f"支付登记中应有支付 {key},但没有找到,请检查流程传入的支付编号。",
                f"Expected payment {key} in the register, but there is none, "
                "so check the number the diagram passes in.",
            )
        )
    return found


def _refuse_when(found: sa.Row[Any], statuses: tuple[str, ...], verb_zh: str, verb_en: str) -> None:
    if found.status in statuses:
        raise ModelError(
            Text(
                f"支付 {found.key} 当前状态为「{_STATUS[found.status]}」,不能{verb_zh},请检查流程的先后顺序。",
                f"Expected payment {found.key} to {verb_en}, but it is {found.status}, "
                "so check the order of the steps.",
            )
        )


def _same(last: sa.Row[Any], amount: int, fund: Account, case: CaseRef) -> None:
    if (last.amount, last.fund_region) != (amount, fund.region):
        raise ModelError(
            Text(
                f"案件 {case.number} 的同一用途已登记支付 {written(last.amount)},现又要支付 {written(amount)},"
                "请先冲回原支付或使用新的用途名称。",
                f"Expected one amount and fund for this purpose in case {case.number}, but {yuan(last.amount)} yuan is "
                f"booked and {yuan(amount)} is asked, so reverse the first or name another purpose.",
            )
        )


def _between(
    transaction: Transaction, found: sa.Row[Any], step: str, kind: str, source: str, target: str, amount: int = 0
) -> bool:
    """Move money of the payment between two accounts of its fund's region; return whether that is new."""
    case = CaseRef(found.case, found.number, found.region)
    ends = Account(found.fund_region, source), Account(found.fund_region, target)
    purpose = f"{found.purpose}#{found.attempt}:{step}"
    return move(transaction, Movement(case, purpose, kind, *ends, amount or found.amount)).now

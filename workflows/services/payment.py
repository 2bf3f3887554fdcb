"""Payments as diagrams call them: booked, instructed, confirmed or reversed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import funds, payments
from workflows.registers.money import yuan
from workflows.services.reading import case_of, fen, key, number, text

_REFILL = "reserve_refill"


def payment_book(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the payment booked from a reserve fund; ``funded`` false and nothing booked when it holds too little."""
    case = case_of(call)
    fund = funds.fund_of(case.region, text(call, "fund"))
    ratio = number(call, "temp.reserve.refill_ratio")
    purpose, way = text(call, "purpose") or "relief", text(call, "way") or "transfer"
    booked = payments.book(transaction, case, purpose, fen(call, "amount"), fund, way, ratio)
    if booked.refill:
        _ask_refill(transaction, fund.region, booked.fund_left)
    return {
        "payment": "" if booked.payment is None else str(booked.payment),
        "funded": booked.payment is not None,
        "fund_left": yuan(booked.fund_left),
    }


def payment_instruct(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Note that the bank is told to pay."""
    payments.instruct(transaction, key(call, "payment"))
    return {"instructed": True}


def payment_confirm(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return that and when the payment reached its receiver."""
    return {"paid": True, "paid_at": payments.confirm(transaction, key(call, "payment"))}


def payment_reverse(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Give a payment that did not arrive back to its fund."""
    payments.reverse(transaction, key(call, "payment"))
    return {"reversed": True}


def _ask_refill(transaction: Transaction, region: str, left: int) -> None:
    """Have the county asked for money; a county's own fund is filled by its budget, not by a case."""
    last = funds.last_allocation(transaction, region)
    if len(region) == funds.TOWNSHIP_DIGITS and last is not None:
        values = {"fund_left": yuan(left), "last_allocation": yuan(last)}
        transaction.request_case(_REFILL, region, values)

"""Reserve funds as diagrams call them: statement of a month, filing it, money allocated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import funds
from workflows.registers.funds import Entry
from workflows.registers.ledger import Account
from workflows.registers.money import yuan
from workflows.services.reading import case_of, fen, text

_KINDS = {"allocation": "县级拨入", "booking": "救助支出", "reversal": "支付冲回", "recovery": "追回入账"}


def fund_statement(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the month's figures and entries in yuan of the case's own fund."""
    found = funds.statement(transaction, _own_fund(call), text(call, "month"))
    return {
        "opening": yuan(found.opening),
        "allocated": yuan(found.allocated),
        "paid_out": yuan(found.paid_out),
        "returned": yuan(found.returned),
        "closing": yuan(found.closing),
        "entries": [_line(entry) for entry in found.entries],
    }


def fund_statement_file(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Keep the month's statement under the names of those who signed it."""
    signers = [text(call, "signer_township"), text(call, "signer_county")]
    funds.file_statement(transaction, case_of(call), _own_fund(call), text(call, "month"), signers)
    return {"filed": True}


def fund_allocate(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what the fund holds after the county's money entered it."""
    purpose = f"allocation-{call.token}"
    left = funds.allocate(transaction, case_of(call), _own_fund(call), fen(call, "amount"), purpose)
    return {"fund_left": yuan(left)}


def _own_fund(call: LocalCall) -> Account:
    region = case_of(call).region
    return funds.fund_of(region, "township" if len(region) >= funds.TOWNSHIP_DIGITS else "county")


def _line(entry: Entry) -> dict[str, Any]:
    kind = _KINDS.get(entry.kind, entry.kind)
    return {"date": entry.at.date(), "number": entry.number, "text": kind, "amount": yuan(entry.amount)}

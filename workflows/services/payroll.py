"""The month's payment run as the county's diagram calls it: frozen, filed, released, settled, reconciled, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.clock import add_months
from engine.errors import ModelError, Text
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.benefits import benefits, public_name
from workflows.registers.money import yuan
from workflows.registers.payroll import batches, months, returns, totals
from workflows.registers.payroll.bank_file import line_of_number
from workflows.registers.payroll.batches import Answer, BankFiles
from workflows.registers.payroll.freeze import Back, freeze, recheck
from workflows.registers.payroll.states import STATES
from workflows.services.reading import case_of, day, key, number, number_given, rows, text

_CENTURY = 100


class PayrollDesk:
    """The handlers that need the keys of accounts and bank files."""

    def __init__(self, keyring: Keyring) -> None:
        self._files = BankFiles(keyring)

    def file(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the bank file of all that is ready after a last look at deaths, stops and suspensions.

        ``batch`` is empty when nothing is ready; ``newly_held`` counts lines that this look held back.
        """
        case, month = case_of(call), month_of(call)
        held = recheck(transaction, case.region, month)
        batch = self._files.prepare(transaction, case, month, int(number_given(call, "attempt")))
        if batch is None:
            return {"batch": "", "batch_lines": 0, "batch_total": yuan(0), "batch_digest": "", "newly_held": held}
        return {
            "batch": str(batch.key),
            "batch_lines": batch.lines,
            "batch_total": yuan(batch.total),
            "batch_digest": batch.digest,
            "newly_held": held,
        }

    def settle(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return whether the bank's answer adds up with the file; only then are its lines paid or returned.

        The bank names what came back by its number in the file; a number that is not there adds up with nothing.
        """
        batch, back = key(call, "batch"), rows(call, "returned")
        lines = line_of_number(self._files.parts(transaction, batch)) if back else {}
        named = {int(one["number"]): str(one.get("reason") or "") for one in back}
        if not named.keys() <= lines.keys():
            return {"balanced": False, "returned_lines": len(back)}
        returned = {lines[number]: reason for number, reason in named.items()}
        answer = Answer(int(number_given(call, "bank_lines")), _fen(call, "bank_paid"), returned)
        settled = batches.settle(transaction, case_of(call), batch, answer)
        return {"balanced": settled, "returned_lines": len(returned)}

    def reconcile(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the four sums in yuan that must be equal, and whether they are."""
        bank = _fen(call, "bank_total")
        found = totals.reconcile(transaction, self._files, case_of(call).region, month_of(call), bank)
        return {
            "decided_total": yuan(found.decided),
            "filed_total": yuan(found.filed),
            "ledger_total": yuan(found.ledger),
            "equal": found.equal,
        }


def payroll_open(call: LocalCall, _transaction: Transaction) -> Mapping[str, Any]:
    """Return the month after the one the run was to start in, and the benefits that are paid monthly."""
    month = add_months(day(call, "scheduled_at").replace(day=1), 1)
    return {
        "month": months.written(month),
        "pay_year": month.year,
        "pay_month": month.month,
        "benefits": [one.id for one in benefits().values() if one.paid],
    }


def payroll_freeze(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Freeze the benefit's roster of the county; ``excluded_by`` are benefits besides which it is not paid."""
    first = int(number(call, "payroll.first_month"))
    back = Back(date(first // _CENTURY, first % _CENTURY, 1), int(number(call, "payroll.arrears_months")))
    others = [str(one) for one in call.variables.get("excluded_by") or ()]
    freeze(transaction, case_of(call), text(call, "benefit"), month_of(call), back, others)
    return {"frozen": True}


def payroll_sums(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the run by benefit and state, and what is ready, held and paid; amounts in yuan.

    Confidential benefits are one row of no name: the money must add up, but nobody learns what it is for.
    """
    found = totals.sums(transaction, case_of(call).region, month_of(call))
    of = {state: [one for one in found if one.state == state] for state in STATES}
    return {
        "sheet": _sheet(found),
        "ready_lines": sum(one.lines for one in of["ready"]),
        "ready_total": yuan(sum(one.total for one in of["ready"])),
        "held_lines": sum(one.lines for one in of["held"]),
        "paid_lines": sum(one.lines for one in of["paid"]),
        "paid_total": yuan(sum(one.total for one in of["paid"])),
    }


def _sheet(found: Sequence[totals.Sum]) -> Sequence[Mapping[str, Any]]:
    summed: dict[tuple[str, str], tuple[int, int]] = {}
    for one in found:
        row = public_name(one.benefit).zh, STATES[one.state].zh
        lines, total = summed.get(row, (0, 0))
        summed[row] = lines + one.lines, total + one.total
    return [
        {"benefit": name, "state": state, "lines": lines, "total": yuan(total)}
        for (name, state), (lines, total) in summed.items()
    ]


def payroll_release(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Book what finance releases for the file."""
    return {"released_total": yuan(batches.release(transaction, case_of(call), key(call, "batch")))}


def payroll_accepted(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Note that the bank took the file under its own reference."""
    batches.accept(transaction, key(call, "batch"), text(call, "bank_reference"))
    return {"accepted": True}


def payroll_take_back(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Undo a file that the bank rejected or gave back: ``standing`` is rejected or recalled."""
    batches.take_back(transaction, case_of(call), key(call, "batch"), text(call, "standing"))
    return {"taken_back": True}


def payroll_close(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many lines stay unpaid; the next run takes up what is owed by them."""
    return {"left_lines": returns.close(transaction, case_of(call).region, month_of(call))}


def month_of(call: LocalCall) -> date:
    """Return the first day of the run's month."""
    return months.month_of(text(call, "month"))


def _fen(call: LocalCall, name: str) -> int:
    """Return an amount in yuan as fen; unlike a payment, a sum may be nothing. Raises ModelError for parts of a fen."""
    value = number_given(call, name) * Decimal(100)
    if value < 0 or value != int(value):
        raise ModelError(
            Text(
                f"「{name}」应为不小于零、最多两位小数的金额,但收到的是 {value / 100},请与银行核对。",
                f"Expected {name} to be an amount of at least 0 with two decimals, but it is {value / 100}; "
                "ask the bank.",
            ),
            call.element,
        )
    return int(value)

"""What people are asked about a run: lines that failed a gate, the township's confirmation, accounts to put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.benefits import benefit
from workflows.registers.money import written, yuan
from workflows.registers.payroll import exceptions, months, returns, townships
from workflows.registers.payroll.exceptions import Exceptional
from workflows.registers.payroll.gates import Gate, told
from workflows.registers.payroll.returns import ToMend
from workflows.registers.residents import Residents
from workflows.services.payroll import month_of
from workflows.services.reading import case_of, key, key_or_none, text

_TOWNSHIP_CASE, _ACCOUNT_CASE = "payroll_confirm", "payroll_account"
# Restricted cases: of a confidential benefit only its own staff learn that there is anything to do.
_CHILDREN_CASE, _CHILD_ACCOUNT_CASE = "payroll_children", "payroll_child_account"
_COUNTY, _TOWNSHIP = 6, 9


class PayrollPeople:
    """The handlers that name people."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)

    def exceptions(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the township's lines that wait for a person, confidential benefits left out."""
        return self._listed(call, transaction, confidential=False)

    def own_exceptions(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the county's lines of confidential benefits that wait for a person."""
        return self._listed(call, transaction, confidential=True)

    def _listed(self, call: LocalCall, transaction: Transaction, *, confidential: bool) -> Mapping[str, Any]:
        month = month_of(call)
        found = exceptions.waiting(transaction, case_of(call).region, month, confidential=confidential)
        return {"exceptions": [_shown(one, self._name(transaction, one.holder, month)) for one in found]}

    def ask_accounts(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return how many accounts somebody is asked to put right: returned by the batch, or unchecked without one.

        Confidential benefits are asked for and not counted.
        """
        case, month = case_of(call), month_of(call)
        found = returns.to_mend(transaction, case.region, month, key_or_none(call, "batch"))
        counted = 0
        for one in found:
            hidden = benefit(one.benefit).confidential
            wanted = _CHILD_ACCOUNT_CASE if hidden else _ACCOUNT_CASE
            transaction.request_case(wanted, one.region, self._account(transaction, one, month))
            counted += not hidden
        return {"accounts_asked": counted}

    def _account(self, transaction: Transaction, one: ToMend, month: date) -> Mapping[str, Any]:
        return {
            "roster": str(one.entry),
            "applicant_name": self._name(transaction, one.holder, month),
            "benefit_name": benefit(one.benefit).name.zh,
            "roster_number": one.number,
            "amount": yuan(one.amount),
            "bank_reason": one.why or "账户未核验",
            "month": months.written(month),
        }

    def _name(self, transaction: Transaction, holder: int, on: date) -> str:
        found = self._residents.read(transaction, holder, on)
        return found.person.name if found else ""


def payroll_ask(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many townships were asked to confirm their part of the run."""
    case, month = case_of(call), month_of(call)
    asked = townships.ask(transaction, case, month)
    for township in asked:
        transaction.request_case(_TOWNSHIP_CASE, township, _of_run(call))
    return {"townships": len(asked)}


def payroll_ask_own(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return whether the staff of confidential benefits were asked to decide on lines of theirs; nothing of these."""
    case = case_of(call)
    asked = bool(exceptions.waiting(transaction, case.region, month_of(call), confidential=True))
    if asked:
        transaction.request_case(_CHILDREN_CASE, case.region, _of_run(call))
    return {"own_asked": asked}


def payroll_decide(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the line's state after what a person decided on it."""
    case, line = case_of(call), exceptions.line_of(text(call, "line"))
    by = str(call.case.get("actor", ""))
    decided, reason = text(call, "decision"), text(call, "reason")
    state = exceptions.decide(transaction, case.region[:_COUNTY], month_of(call), line, decided, by, reason)
    return {"line_state": state}


def payroll_township_confirm(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many townships of the county have still to confirm after this one did."""
    by = str(call.case.get("actor", ""))
    left = townships.confirm(transaction, case_of(call).region[:_TOWNSHIP], month_of(call), by)
    return {"townships_left": left}


def payroll_account_open(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the day on which somebody began to put the entry's account right."""
    returns.take_in_hand(transaction, case_of(call), key(call, "roster"))
    return {"notified_on": transaction.now.date()}


def payroll_account_mended(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many lines of open runs are ready again; without one, the next run pays what is owed."""
    return {"ready_again": returns.mended(transaction, key(call, "roster"))}


def _of_run(call: LocalCall) -> Mapping[str, Any]:
    return {"month": text(call, "month"), "county_number": case_of(call).number}


def _why(one: Exceptional) -> str:
    failed = told(one.gates)
    if one.decided is None or not one.gates & Gate.AMOUNT:
        return failed
    return f"{failed}（决定金额 {written(one.decided)}）"


def _shown(one: Exceptional, name: str) -> Mapping[str, Any]:
    return {
        # First, because it names the task that asks about this line.
        "title": f"{name} {months.written(one.line.for_month)}",
        "line": str(one.line),
        "name": name,
        "number": one.number,
        "benefit": benefit(one.line.benefit).name.zh,
        "for_month": months.written(one.line.for_month),
        "amount": yuan(one.amount),
        "why": _why(one),
        "may_be_paid": one.may_be_paid,
    }

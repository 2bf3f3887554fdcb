"""Claims for money that was paid wrongly, as diagrams call them: noted, refunded, withheld, fined, kept on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import recoveries
from workflows.registers.money import yuan
from workflows.registers.payroll.months import written
from workflows.registers.recoveries import Claim
from workflows.registers.residents import Residents
from workflows.services.reading import case_of, fen, fen_or_zero, key, key_or_none, text

_CASE = "recovery"


class RecoveryDesk:
    """The handlers that need the keys of identity numbers."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._residents = Residents(keyring)

    def options(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return which entry of the person a part could be withheld of, and what it pays a month in yuan."""
        holder = self._residents.find(transaction, text(call, "id_no"))
        found = None if holder is None else recoveries.netting_entry(transaction, holder)
        return {
            "net_roster": "" if found is None else str(found[0]),
            "net_monthly_max": yuan(0 if found is None else found[1]),
        }

    def credit(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write the fraud into the credit record."""
        recoveries.note_credit(transaction, case_of(call), self._keyring, text(call, "id_no"), _claim(call))
        return {"credit_noted": True}


def recovery_open(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Ask for a case of its own that recovers what an entry was paid wrongly."""
    names = ("applicant_name", "phone", "id_no", "recover_cause", "facts", "roster")
    values = {name: text(call, name) for name in names}
    transaction.request_case(
        _CASE, case_of(call).region, {**values, "recover_amount": yuan(fen(call, "recover_amount"))}
    )
    return {"asked": True}


def recovery_settle(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Note in the register how the claim stands: notified, dropped, recovered or given to the court."""
    recoveries.note(transaction, case_of(call), _claim(call), text(call, "outcome"))
    return {"settled": True}


def recovery_refund(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what is still out after a refund; each passage of the diagram counts once."""
    receipt = f"{call.case['id']}-{call.token}"
    out = recoveries.refund(transaction, case_of(call), _claim(call), fen(call, "amount"), receipt)
    return {"still_out": yuan(out)}


def recovery_net(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the month after the last one of which a part is withheld, as its first day."""
    last = recoveries.plan_netting(
        transaction, case_of(call), key(call, "net_roster"), fen(call, "amount"), fen(call, "net_monthly")
    )
    return {"net_last": written(last), "net_until": last}


def recovery_netted(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what is still out after everything that was withheld."""
    return {"still_out": yuan(recoveries.take_netting(transaction, case_of(call), _claim(call)))}


def recovery_fine(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Book the fine that was paid."""
    recoveries.pay_fine(transaction, case_of(call), fen(call, "fine"))
    return {"fined": True}


def _claim(call: LocalCall) -> Claim:
    return Claim(
        due=fen(call, "recover_amount"), payment=key_or_none(call, "payment"), entry=key_or_none(call, "roster"),
        cause=text(call, "recover_cause"), fine=fen_or_zero(call, "fine"),
    )  # fmt: skip

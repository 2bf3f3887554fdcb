"""The register of temporary relief as diagrams call it: look back, register, settle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clock import add_months
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import monitoring, relief
from workflows.registers.relief import Applicant, ReliefRegister
from workflows.services.reading import case_of, fen_or_none, number, text


class ReliefDesk:
    """The handlers that need the keys of the relief register."""

    def __init__(self, keyring: Keyring) -> None:
        self._register = ReliefRegister(keyring)

    def look_back(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return registrations of the last hours that may be the same, the last relief for the cause, and the group."""
        case, applicant, cause = case_of(call), _applicant(call), text(call, "cause")
        hours = int(number(call, "temp.duplicate_hours"))
        earlier = self._register.within(transaction, case, applicant, cause, hours)
        last = self._register.last_relief(transaction, case, applicant, cause)
        months = int(number(call, "temp.same_cause_months"))
        today = transaction.now.date()
        return {
            "same_within_hours": [
                {"number": one.number, "at": one.at, "applicant": one.applicant, "why": one.why} for one in earlier
            ],
            "possible_duplicate": bool(earlier),
            "same_cause_last": last,
            "same_cause_recent": last is not None and add_months(last, months) > today,
            "monitor_group": monitoring.group_of(transaction, self._register.person(applicant.id_no), today),
        }

    def register(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write the case into the register; called again it corrects the row."""
        persons = call.variables.get("persons")
        facts = {
            "cause": text(call, "cause"),
            "track": text(call, "track") or None,
            "persons": int(persons) if persons is not None else None,
            "requested": fen_or_none(call, "requested"),
        }
        self._register.register(transaction, case_of(call), _applicant(call), facts)
        return {"registered": True}


def settle(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Close the case's row in the register with its outcome."""
    relief.settle(transaction, case_of(call), text(call, "outcome"))
    return {"settled": True}


def _applicant(call: LocalCall) -> Applicant:
    return Applicant(
        id_no=text(call, "id_no"),
        phone=text(call, "phone"),
        place=text(call, "place"),
        name=text(call, "applicant_name"),
    )

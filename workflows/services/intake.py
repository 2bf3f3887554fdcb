"""Applications as diagrams call them: registered, compared with others, turned, and sorted into programmes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import applications, programmes
from workflows.registers.applications import Application, Applications
from workflows.services.reading import case_of, flag, key_or_none, number, text


class IntakeDesk:
    """The handlers that need the keys of the register of applications."""

    def __init__(self, keyring: Keyring) -> None:
        self._register = Applications(keyring)

    def register(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return other applications of late that may be the same, after writing this one into the register."""
        what = Application(
            channel=text(call, "channel") or str(call.case.get("channel", "")),
            id_no=text(call, "id_no"),
            phone=text(call, "phone"),
            address=text(call, "place"),
            danger=flag(call, "danger"),
            relative_in_office=flag(call, "relative_in_office"),
        )
        case = case_of(call)
        self._register.register(transaction, case, what)
        found = self._register.alike(transaction, case, what, int(number(call, "intake.duplicate_days")))
        alike = [{"number": one.number, "at": one.at, "state": one.state, "why": one.why} for one in found]
        return {"alike": alike, "possible_duplicate": bool(alike)}


def application_turn(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write the application's state, and who applied for which household once that is known."""
    case = case_of(call)
    head, household = key_or_none(call, "head"), key_or_none(call, "household")
    if head is not None or household is not None:
        applications.link(transaction, case, head, household)
    applications.turn(transaction, case, text(call, "state"))
    return {"state": text(call, "state")}


def programme_start(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the programme's name, and whether a case of its own was started with the context ``handed``.

    A programme without a process is not started: an officer takes the referral.
    """
    chosen = programmes.programme(text(call, "programme"))
    handed = call.variables.get("handed")
    if chosen.process is not None and isinstance(handed, Mapping):
        transaction.request_case(chosen.process, case_of(call).region, handed)
    state = "started" if chosen.process is not None else "referred"
    applications.programme(transaction, case_of(call), chosen.id, state)
    return {"programme_name": chosen.name.zh, "started": chosen.process is not None}


def application_programme(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write how the application stands with one programme."""
    applications.programme(transaction, case_of(call), text(call, "programme"), text(call, "programme_state"))
    return {"programme_state": text(call, "programme_state")}

"""Authorisations as diagrams call them: given, looked for before a query, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import authorisations
from workflows.registers.authorisations import Authorisation, Authorisations
from workflows.services.reading import case_of, day, flag, key, rows, text


class AuthorisationDesk:
    """The handlers that need the keys of the register of authorisations."""

    def __init__(self, keyring: Keyring) -> None:
        self._register = Authorisations(keyring)

    def give(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the key of the authorisation that the resident (or the guardian) signed now."""
        given = Authorisation(
            resident=key(call, "resident"),
            purpose=text(call, "purpose"),
            scope=tuple(str(one) for one in call.variables.get("scope") or ()),
            way=text(call, "way"),
            version=text(call, "version"),
            signer=text(call, "signer"),
            signer_as=text(call, "signer_as") or "本人",
            given_at=transaction.now,
            valid_to=day(call, "valid_to"),
            outside_household=flag(call, "outside_household"),
        )
        return {"authorisation": str(self._register.give(transaction, case_of(call), given))}


def authorisations_of(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what opens the members' data for the purpose today, and the names of whose data nothing opens."""
    members = [one for one in rows(call, "members") if one.get("counted") is not False]
    residents = {int(one["resident"]): str(one.get("name", "")) for one in members}
    purpose, today = text(call, "purpose"), transaction.now.date()
    found = authorisations.valid(transaction, list(residents), purpose, today)
    opened = {one.resident for one in found}
    return {
        "authorisations": [
            {"authorisation": str(one.key), "resident": str(one.resident), "scope": sorted(one.scope)} for one in found
        ],
        "opened": [str(one) for one in sorted(opened)],
        "unauthorised": [name for resident, name in residents.items() if resident not in opened],
        "authorised": bool(residents) and opened == residents.keys(),
    }


def authorisation_withdraw(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """End the resident's authorisations for the purpose in this case."""
    reason = text(call, "withdrawn_reason") or "本人撤回"
    authorisations.withdraw(transaction, key(call, "resident"), text(call, "purpose"), reason, case_of(call))
    return {"withdrawn": True}

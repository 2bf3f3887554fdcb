"""Edge households and the monitoring list as diagrams call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import edges, marks, monitoring
from workflows.services.reading import case_of, day, day_or_none, flag, key_or_none, text

_KEYS = frozenset({"household", "roster"})
_DAYS = frozenset({"monitored_since", "left_monitoring", "edge_from", "edge_until", "postcheck_due"})


class MonitoringDesk:
    """The handlers that need the keys by which the monitoring list knows persons."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def enter(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the group ``id_no`` is in today, after writing what the list says of the person, if it says anything."""
        person, group = marks.person(self._keyring, text(call, "id_no")), text(call, "monitor_type")
        today = transaction.now.date()
        if person is not None and group:
            since = day(call, "monitored_since", today)
            monitoring.watch(transaction, case_of(call).region, {person: group}, since)
        return {"monitor_group": monitoring.group_of(transaction, person, today)}

    def leave(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write that ``id_no`` is watched no longer from ``left_on`` (today) on."""
        person, left = marks.person(self._keyring, text(call, "id_no")), day(call, "left_on", transaction.now.date())
        if person is not None:
            monitoring.leave(transaction, person, left)
        return {"left_monitoring": left}


def edge_note(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how the household stands, after writing it and whatever else the call says of it into the register."""
    standing = text(call, "standing")
    edges.note(
        transaction, case_of(call), standing, {name: _fact(call, name) for name in edges.FACTS & set(call.variables)}
    )
    return {"edge_standing": standing}


def _fact(call: LocalCall, name: str) -> Any:
    if name in _KEYS:
        return key_or_none(call, name)
    if name in _DAYS:
        return day_or_none(call, name)
    return flag(call, name) if name == "authorised" else text(call, name) or None

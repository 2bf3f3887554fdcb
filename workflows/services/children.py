"""The register of children as diagrams call it: the file with the parents' situation, and the care agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import households, residents, rosters
from workflows.registers.children import Children, Parent, note_parent, others
from workflows.registers.money import yuan
from workflows.registers.payroll.months import written
from workflows.registers.payroll.release import overpaid
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Change
from workflows.services.reading import case_of, day, key, key_or_none, rows, text

# Benefits of the same kind: the child's support tops them up to its own rate.
_COUNTED = ("tekun", "sub2_life")
_SUPPORT = ("orphan", "unattended")
_CARE = "child_care"
# What the new place needs to know of the child.
_HANDED_OVER = ("child_kind", "child_id_no", "child_name", "guardian_name", "phone", "place")


class ChildDesk:
    """The handlers that need the keys of residents and of children's files."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)
        self._children = Children(keyring)

    def register(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the child's key as a resident, what it draws each month of benefits of the same kind, in yuan, the
        case by which it is supported already ("" without one), and the numbers of other cases that apply for it.
        """
        case, today = case_of(call), transaction.now.date()
        child = Resident(text(call, "child_name"), text(call, "child_id_no"), text(call, "phone"))
        key = self._residents.enter(transaction, case, child, today)
        guardian = {"name": text(call, "guardian_name"), "id_no": text(call, "guardian_id_no")}
        self._children.enter(transaction, case, key, text(call, "child_kind"), guardian)
        for one in rows(call, "parents"):
            note_parent(transaction, case, _parent(one))
        supported = (row.number for row in rosters.live_of_holder(transaction, key) if row.benefit in _SUPPORT)
        return {
            "resident": str(key),
            "other_amount": yuan(_drawn(transaction, key)),
            "supported_by": next(supported, ""),
            "also_applied": list(others(transaction, case, key)),
        }

    def agree(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write the care agreement with the guardian and the child's wish."""
        facts = {"guardian": text(call, "guardian_name"), "wish": text(call, "child_wish")}
        self._children.agree(transaction, case_of(call), facts, day(call, "signed_on"))
        return {"agreed": True}

    def died(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return what was paid for months after the death, in yuan, when the entry ends with ``effective``."""
        change = Change(day(call, "effective"), text(call, "reason"), key_or_none(call, "decision"))
        child = self._residents.find(transaction, text(call, "child_id_no"))
        if child is not None:
            residents.note_death(transaction, child, day(call, "died_on"))
        rosters.stop(transaction, case_of(call), key(call, "roster"), change)
        found = overpaid(transaction, key(call, "roster"), change.effective)
        return {"overpaid_amount": yuan(found.amount), "overpaid_months": [written(month) for month in found.months]}


def child_move(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Give the child's entry to ``to_region``, where a case of its own goes on looking after the child."""
    region = text(call, "to_region")
    change = Change(day(call, "effective"), text(call, "reason"))
    rosters.move(transaction, case_of(call), key(call, "roster"), region, change)
    transaction.request_case(_CARE, region, {name: text(call, name) for name in _HANDED_OVER})
    return {"moved": True}


def _drawn(transaction: Transaction, child: int) -> int:
    """Return what the child draws each month in fen: its own, and its share of the household's living allowance."""
    today = transaction.now.date()
    own = (rosters.live(transaction, benefit, child) for benefit in _COUNTED)
    amount = sum(rosters.amount_on(transaction, row.key, today) for row in own if row is not None)
    household = households.of_resident(transaction, child, today)
    if household is None:
        return amount
    members = households.members(transaction, household, today)
    counted = sum(one.counted for one in members) or 1
    heads = (rosters.live(transaction, "dibao", one.resident) for one in members)
    shared = sum(rosters.amount_on(transaction, row.key, today) for row in heads if row is not None)
    return amount + shared // counted


def _parent(row: Mapping[str, Any]) -> Parent:
    return Parent(str(row["role"]), str(row["status"]), int(row["months"]), str(row["source"]))

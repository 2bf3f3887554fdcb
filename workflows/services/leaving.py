"""Death, moves and stops as diagrams call them: what somebody draws is held, released, stopped, moved or handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import households, residents, rosters
from workflows.registers.benefits import benefit
from workflows.registers.households import Household, Households
from workflows.registers.money import yuan
from workflows.registers.payroll.months import written
from workflows.registers.payroll.release import overpaid, release
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Change
from workflows.services.reading import case_of, day, flag, key, key_or_none, text

_RECEIVING = "change_report"


class LeavingDesk:
    """The handlers that need the keys of residents and households."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)
        self._households = Households(keyring)

    def find(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return what the person with ``id_no`` draws, and who else lives in the household.

        ``entries`` are the person's own; of confidential benefits nothing is told. ``shared`` is the household's entry
        that goes on for those who remain, empty where the person lives alone or the household draws nothing.
        """
        today = transaction.now.date()
        person = self._residents.find(transaction, text(call, "id_no"))
        if person is None:
            return {"subject": "", "subject_name": "", "subject_phone": "", "household": "", "entries": [],
                    "drawn": yuan(0), "main_benefit": "", "shared": "", "shared_held": False, "others": []}  # fmt: skip
        household = households.of_resident(transaction, person, today)
        others = self._others(transaction, household, person)
        shared = None if household is None else rosters.live_of_household(transaction, "dibao", household)
        shared = shared if others else None
        own = [row for row in rosters.live_of_holder(transaction, person) if shared is None or row.key != shared.key]
        told = [self._told(transaction, row) for row in own if not benefit(row.benefit).confidential]
        who = self._person(transaction, person)
        return {
            "subject": str(person),
            "subject_name": who.name,
            "subject_phone": who.phone,
            "household": "" if household is None else str(household),
            "entries": told,
            "drawn": sum((one["amount"] for one in told), yuan(0)),
            "main_benefit": next((one["benefit"] for one in told if one["benefit"] not in ("dibao", "tekun")), "dibao"),
            "shared": "" if shared is None else str(shared.key),
            "shared_held": shared is not None and shared.holder == person,
            "others": others,
        }

    def transfer(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Give what the person and the household draw to ``to_region``, where a case of its own looks at the family."""
        case, region, today = case_of(call), text(call, "to_region"), transaction.now.date()
        change = Change(day(call, "effective"), text(call, "reason"), key_or_none(call, "decision"))
        person, household = key(call, "subject"), key_or_none(call, "household")
        for row in _moving(transaction, person, key_or_none(call, "shared")):
            rosters.move(transaction, case, row, region, change)
        if household is not None:
            home = self._households.read(transaction, household, today)
            if home is not None:
                moved = Household(region, home.area, text(call, "to_place") or home.address, home.facts)
                self._households.describe(transaction, case, household, moved, today)
        values = {
            "id_no": text(call, "id_no"), "reporter": case.number, "source": "department", "change_kind": "moved_in",
            "happened_on": day(call, "happened_on"), "detail": text(call, "reason"),
        }  # fmt: skip
        transaction.request_case(_RECEIVING, region, values)
        return {"transferred": True}

    def _told(self, transaction: Transaction, row: Any) -> dict[str, Any]:
        amount = yuan(rosters.standing_amount(transaction, row.key, transaction.now.date()))
        return {"benefit": row.benefit, "name": benefit(row.benefit).name.zh, "roster": str(row.key), "amount": amount}

    def _others(self, transaction: Transaction, household: int | None, person: int) -> list[dict[str, Any]]:
        if household is None:
            return []
        listed = households.members(transaction, household, transaction.now.date())
        return [
            {"name": who.name, "id_no": who.id_no, "resident": str(one.resident)}
            for one in listed
            if one.resident != person and one.counted
            for who in [self._person(transaction, one.resident)]
        ]

    def _person(self, transaction: Transaction, key_: int) -> Resident:
        known = self._residents.read(transaction, key_, transaction.now.date())
        return known.person if known is not None else Resident("")


def leaving_hold(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many entries of the person are paid to nobody from today on, until somebody has looked."""
    case, change = case_of(call), Change(transaction.now.date(), text(call, "reason"))
    rows = rosters.live_of_holder(transaction, key(call, "subject"))
    return {"held": Decimal(sum(_held(rosters.suspend(transaction, case, row.key, change), row.state) for row in rows))}


def leaving_release(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Let what was held be paid after all, because the news was false: the person lives and draws on.

    Lines of a run that is still open are ready at once; those of closed runs are owed and paid with the next one.
    """
    case, person = case_of(call), key(call, "subject")
    residents.note_death(transaction, person, None)
    change = Change(transaction.now.date(), text(call, "reason"))
    for row in rosters.live_of_holder(transaction, person):
        rosters.resume(transaction, case, row.key, change)
        release(transaction, row.key)
    return {"released": True}


def leaving_stop(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what was paid for months after the stop, when the person's own entries end with ``effective``.

    The entry ``shared``, which goes on for the rest of the household, and confidential ones stay.
    """
    case, shared = case_of(call), key_or_none(call, "shared")
    change = Change(day(call, "effective"), text(call, "reason"), key_or_none(call, "decision"))
    person = key(call, "subject")
    if flag(call, "dead"):
        residents.note_death(transaction, person, day(call, "happened_on"))
    months: set[date] = set()
    paid, first = 0, ""
    for row in _entries_of_case(transaction, case.key, person, shared):
        rosters.stop(transaction, case, row, change)
        found = overpaid(transaction, row, change.effective)
        paid, months = paid + found.amount, months | set(found.months)
        first = first or (str(row) if found.amount else "")
    return {
        "overpaid_amount": yuan(paid),
        "overpaid_months": [written(month) for month in sorted(months)],
        "overpaid_roster": first,
    }


def holder_change(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the entry's new holder, to whom it is paid once an account is kept; what was held for the old one is due."""
    case, entry, holder = case_of(call), key(call, "roster"), key(call, "holder")
    change = Change(transaction.now.date(), text(call, "reason"), key_or_none(call, "decision"))
    rosters.hand_over(transaction, case, entry, holder, change)
    rosters.resume(transaction, case, entry, change)
    return {"holder": str(holder)}


def _held(turned: bool, state: str) -> int:
    return int(turned or state == "suspended")


def _moving(transaction: Transaction, person: int, shared: int | None) -> Sequence[int]:
    """Confidential entries stay: those who look after them hear of the move and give them on themselves."""
    live = rosters.live_of_holder(transaction, person)
    own = [row.key for row in live if not benefit(row.benefit).confidential]
    return own if shared is None or shared in own else [*own, shared]


def _entries_of_case(transaction: Transaction, case: int, person: int, shared: int | None) -> Sequence[int]:
    """Return the person's entries that are live, or were stopped by this case already: stopping twice has one effect."""
    live = {row.key: row.benefit for row in rosters.live_of_holder(transaction, person)}
    live |= {row.key: row.benefit for row in rosters.stopped_by(transaction, case, person)}
    return [entry for entry, name in sorted(live.items()) if entry != shared and not benefit(name).confidential]

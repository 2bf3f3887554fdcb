"""Residents and households as diagrams call them: entered from a form, read again, and news of a death."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import households, rosters
from workflows.registers.households import HEAD, Area, Household, Households, Member
from workflows.registers.money import yuan
from workflows.registers.residents import Resident, Residents
from workflows.services.reading import case_of, day, day_or_none, key, key_or_none, rows, text

_NOBODY: Mapping[str, Any] = {
    "household": "", "head": "", "members": [], "household_size": Decimal(0), "area": None, "benefits": [],
    "holder_name": "", "holder_id_no": "", "holder_phone": "", "place": "", "roster": "", "roster_state": "none",
    "roster_amount": Decimal(0), "roster_class": None,
}  # fmt: skip
_OWN = frozenset({"member_name", "member_id_no", "relation"})
_FACTS = ("declared_income", "declared_assets", "hard_cost")


class HouseholdDesk:
    """The handlers that need the keys of residents and households."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)
        self._households = Households(keyring)

    def enter(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return keys of the applicant and the household with its members, as they are from ``since`` (today) on.

        ``hukou`` is where the applicant is registered; a check asks other places about who is registered there.
        """
        case, since = case_of(call), day(call, "since", transaction.now.date())
        applicant = Resident(text(call, "applicant_name"), text(call, "id_no"), text(call, "phone"))
        listed = rows(call, "household_members")
        own = next((one for one in listed if _is(one, applicant)), {})
        registered = {"hukou": text(call, "hukou")} if text(call, "hukou") else {}
        known = {**_facts_of(own), **registered}
        applicant = Resident(applicant.name, applicant.id_no, applicant.phone, known)
        head = self._residents.enter(transaction, case, applicant, since)
        household = self._households.open_for(transaction, case, head, since)
        area: Area = "city" if text(call, "area") == "city" else "rural"
        facts = {name: call.variables[name] for name in _FACTS if call.variables.get(name) is not None}
        what = Household(text(call, "hukou_code") or case.region, area, text(call, "place"), facts)
        self._households.describe(transaction, case, household, what, since)
        members = [Member(head, HEAD)]
        for one in listed:
            if not _is(one, applicant):
                who = Resident(_text(one, "member_name"), _text(one, "member_id_no"), "", _facts_of(one))
                entered = self._residents.enter(transaction, case, who, since)
                counted = one.get("lives_together") is not False
                members.append(Member(entered, _text(one, "relation") or "其他", counted))
        households.set_members(transaction, case, household, members, since)
        return self._told(transaction, household, head, since)

    def read(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return what the registers know of the person with ``id_no``: household, members and benefits drawn."""
        today = transaction.now.date()
        head = self._residents.find(transaction, text(call, "id_no"))
        household = None if head is None else households.of_resident(transaction, head, today)
        if head is None or household is None:
            drawn = rosters.live_benefits(transaction, head, None) if head is not None else frozenset()
            return {
                "household": "",
                "head": "" if head is None else str(head),
                "members": [],
                "household_size": Decimal(0),
                "area": None,
                "benefits": sorted(drawn),
            }
        return self._told(transaction, household, head, today)

    def standing(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the household of whoever has ``id_no`` as its benefit stands: holder, amount, class, members.

        The benefit is ``benefit``, by default the living allowance. An empty ``roster`` says that nobody in the
        household draws it, an empty ``household`` that nobody knows the person.
        """
        today, benefit = transaction.now.date(), text(call, "benefit") or "dibao"
        person = self._residents.find(transaction, text(call, "id_no"))
        household = None if person is None else households.of_resident(transaction, person, today)
        if person is None or household is None:
            return {**_NOBODY, "subject": "" if person is None else str(person)}
        entry = rosters.live_of_household(transaction, benefit, household)
        holder = person if entry is None else entry.holder
        known = self._residents.read(transaction, holder, today)
        who = known.person if known is not None else Resident("")
        home = self._households.read(transaction, household, today)
        return {
            **self._told(transaction, household, holder, today),
            "subject": str(person),
            "holder_name": who.name,
            "holder_id_no": who.id_no,
            "holder_phone": who.phone,
            "place": home.address if home else "",
            "roster": "" if entry is None else str(entry.key),
            "roster_state": "none" if entry is None else entry.state,
            "roster_amount": yuan(0 if entry is None else rosters.standing_amount(transaction, entry.key, today)),
            "roster_class": None if entry is None else entry._mapping["class"],
        }

    def join(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the household with a member who joined it on ``happened_on``; ``birth_date`` is for who has no number."""
        case, since, household = case_of(call), day(call, "happened_on"), key(call, "household")
        born = day_or_none(call, "birth_date")
        facts = {} if born is None else {"birth_date": born}
        who = Resident(text(call, "member_name"), text(call, "member_id_no"), facts=facts)
        entered = self._residents.enter(transaction, case, who, since)
        member = Member(entered, text(call, "relation") or "其他")
        households.add(transaction, case, household, member, since)
        return self._told(transaction, household, key(call, "head"), transaction.now.date())

    def leave(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the household without the member who left it on ``happened_on``."""
        household = key(call, "household")
        households.remove(transaction, household, key(call, "resident"), day(call, "happened_on"))
        return self._told(transaction, household, key(call, "head"), transaction.now.date())

    def _told(self, transaction: Transaction, household: int, head: int, on: date) -> Mapping[str, Any]:
        listed = households.members(transaction, household, on)
        what = self._households.read(transaction, household, on)
        drawn = rosters.live_benefits(transaction, head, household)
        return {
            "household": str(household),
            "head": str(head),
            "members": [self._member(transaction, one, on) for one in listed],
            "household_size": Decimal(sum(one.counted for one in listed)),
            "area": what.area if what else None,
            "benefits": sorted(drawn),
        }

    def _member(self, transaction: Transaction, member: Member, on: date) -> Mapping[str, Any]:
        known = self._residents.read(transaction, member.resident, on)
        person = known.person if known is not None else Resident("")
        # The name comes first: people call an iteration over members by it.
        said: dict[str, Any] = {"name": person.name, "id_no": person.id_no, "relation": member.relation}
        return said | {"resident": str(member.resident), "counted": member.counted, **person.facts}


def household_count(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many members count as living together, after writing who does from today on."""
    case, household, members = case_of(call), key(call, "household"), rows(call, "members")
    for one in members:
        member = Member(int(one["resident"]), str(one["relation"]), one.get("counted") is not False)
        households.add(transaction, case, household, member, transaction.now.date())
    return {"household_size": Decimal(sum(one.get("counted") is not False for one in members))}


def benefits_drawn(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the ids of the benefits that the resident, or the household, draws now."""
    drawn = rosters.live_benefits(transaction, key(call, "resident"), key_or_none(call, "household"))
    return {"benefits": sorted(drawn)}


def _is(row: Mapping[str, Any], person: Resident) -> bool:
    id_no = _text(row, "member_id_no")
    if id_no and person.id_no:
        return id_no.upper() == person.id_no.upper()
    return _text(row, "member_name") == person.name and _text(row, "relation") in ("", HEAD)


def _facts_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in row.items() if name not in _OWN and value is not None}


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)

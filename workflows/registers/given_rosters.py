"""Households and entries of rosters that a scenario takes as given before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import changes, decisions, households, residents, rosters
from workflows.registers.authorisations import Authorisation, Authorisations
from workflows.registers.benefits import benefits
from workflows.registers.changes import Report
from workflows.registers.comparison import runs
from workflows.registers.decisions import Decision
from workflows.registers.households import HEAD, Household, Households, Member
from workflows.registers.ledger import CaseRef
from workflows.registers.money import fen
from workflows.registers.payroll import townships
from workflows.registers.payroll.freeze import Back, freeze
from workflows.registers.payroll.months import month_of
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Accounts, Change, Enrolment
from workflows.registers.tables import change_report, payroll_line

_LONG_AGO = date(2026, 1, 1)
_OWN = frozenset({"name", "id_no", "phone", "relation"})


def give_household(transaction: Transaction, one: Mapping[str, Any], keyring: Keyring) -> tuple[int, int]:
    """Return the keys of the head and the household of {name, id_no, region, place, area, members, since}.

    ``members`` are {name, id_no, relation} with further facts; ``since`` is by default the first day of 2026;
    with ``authorised_until`` every member has authorised a check.
    """
    case, since = _case(one), _day(one.get("since"), _LONG_AGO)
    register, people = Households(keyring), Residents(keyring)
    head = people.enter(transaction, case, _resident(one), since)
    household = register.open_for(transaction, case, head, since)
    what = Household(case.region, one.get("area", "rural"), str(one.get("place", "")), dict(one.get("facts", {})))
    register.describe(transaction, case, household, what, since)
    members = [Member(head, HEAD)]
    for other in one.get("members", ()):
        entered = people.enter(transaction, case, _resident(other, ()), since)
        members.append(Member(entered, str(other["relation"]), other.get("lives_together") is not False))
    households.set_members(transaction, case, household, members, since)
    if one.get("authorised_until"):
        _authorise(transaction, case, members, _day(one["authorised_until"], since), keyring)
    return head, household


def give_entry(transaction: Transaction, one: Mapping[str, Any], keyring: Keyring) -> int:
    """Return the key of the entry of {benefit, amount, since, class, next_review, bank_account} and its household's facts.

    ``died_on`` says that the holder died, ``suspended`` since when nothing is paid, ``stopped`` from which day on it has
    ended, ``decided`` what the decision says where it is not the amount, ``level`` who decided where it was not the
    township.
    """
    head, household = give_household(transaction, {**one, "since": None}, keyring)
    case, since = _case(one), _day(one.get("since"), _LONG_AGO)
    amount = fen(Decimal(str(one["amount"]))) if one.get("amount") else 0
    decided = fen(Decimal(str(one["decided"]))) if one.get("decided") else amount
    said = Decision(str(one["benefit"]), "granted", decided, one.get("level", "township"), "既有决定", "", since)
    decision = decisions.record(transaction, case, "decision", said)
    review = one.get("next_review")
    new = Enrolment(
        said.matter, head, household, since, amount, decision, one.get("class"), _day(review, since) if review else None
    )
    entry = rosters.enrol(transaction, case, new)
    if one.get("bank_account"):
        account = {"payee_name": one["name"], "bank_account": str(one["bank_account"]), "bank": ""}
        Accounts(keyring).set(transaction, entry, account, checked=True)
    if one.get("died_on"):
        residents.note_death(transaction, head, _day(one["died_on"], since))
    if one.get("suspended"):
        rosters.suspend(transaction, case, entry, Change(_day(one["suspended"], since), "既有暂停"))
    if one.get("stopped"):
        rosters.stop(transaction, case, entry, Change(_day(one["stopped"], since), "既有停发"))
    return entry


def give_change(transaction: Transaction, one: Mapping[str, Any], keyring: Keyring) -> None:
    """Report the change {region, id_no, kind, happened_on, reported_at} of somebody known, as another case did."""
    person = Residents(keyring).find(transaction, str(one["id_no"]))
    on = _day(one["happened_on"], _LONG_AGO)
    home = None if person is None else households.of_resident(transaction, person, on)
    case = _case(one)
    changes.report(transaction, case, Report(str(one["kind"]), "village_assistant", on, home, person))
    c, at = change_report.c, datetime.fromisoformat(str(one["reported_at"])).replace(tzinfo=SHANGHAI)
    transaction.execute(
        change_report.update().where(c.region == case.region, c.case == case.key).values(reported_at=at)
    )


def give_payroll(transaction: Transaction, one: Mapping[str, Any]) -> None:
    """Freeze what every paid benefit owes in the {county, month}, and ask the townships to confirm it.

    With ``paid`` every line that passed its gates was paid.
    """
    case, month = CaseRef(new_key(), "既有发放", str(one["county"])), month_of(str(one["month"]))
    for benefit in benefits().values():
        if benefit.paid:
            freeze(transaction, case, benefit.id, month, Back(month, 0))
    if one.get("paid"):
        c = payroll_line.c
        transaction.execute(payroll_line.update().where(c.month == month, c.state == "ready").values(state="paid"))
    townships.ask(transaction, case, month)


def give_comparison(transaction: Transaction, one: Mapping[str, Any]) -> None:
    """Begin the comparison of the {county, month} as another case."""
    runs.open_run(transaction, CaseRef(new_key(), "既有比对", str(one["county"])), month_of(str(one["month"])))


def _authorise(
    transaction: Transaction, case: CaseRef, members: Sequence[Member], until: date, keyring: Keyring
) -> None:
    for one in members:
        signed = Authorisation(
            one.resident, "check", ("household",), "paper", "2026-1", "既有签署", "本人", transaction.now, until
        )
        Authorisations(keyring).give(transaction, case, signed)


def _resident(
    one: Mapping[str, Any], beside: tuple[str, ...] = ("health", "disability_grade", "birth_date")
) -> Resident:
    """Return the person; the head's row tells of the household too, so that only facts ``beside`` are the head's."""
    facts = {name: value for name, value in one.items() if (name in beside if beside else name not in _OWN)}
    if "birth_date" in facts:
        facts["birth_date"] = _day(facts["birth_date"], _LONG_AGO)
    return Resident(str(one["name"]), str(one.get("id_no") or ""), str(one.get("phone") or ""), facts)


def _case(one: Mapping[str, Any]) -> CaseRef:
    return CaseRef(new_key(), str(one.get("number", "既有案件")), str(one["region"]))


def _day(value: Any, otherwise: date) -> date:
    if value is None:
        return otherwise
    return value if isinstance(value, date) else date.fromisoformat(str(value))

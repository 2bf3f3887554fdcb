"""What a scenario takes as given before it starts, and the ledger it is compared with afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI, start_of_day
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import (
    delegations,
    duty,
    funds,
    given_checks,
    given_rosters,
    given_sweeps,
    ledger,
    monitoring,
    overdue,
    regions,
    relief,
)
from workflows.registers.delegations import Delegation
from workflows.registers.duty import OnDuty
from workflows.registers.ledger import CaseRef
from workflows.registers.money import fen
from workflows.registers.relief import Applicant, ReliefRegister

TOWNSHIP_FUND = Decimal(50_000)
COUNTY_FUND = Decimal(500_000)
_DUTY_PHONE = "13703730000"


def apply_givens(transaction: Transaction, given: Mapping[str, Any], keyring: Keyring) -> None:
    """Fill the registers: every fund with its usual money, then what ``given`` says otherwise.

    ``given`` may hold ``funds`` {account: yuan}, ``overdue`` [township], ``history`` [{id_no, cause, at, amount}],
    ``monitoring`` [{id_no, group}], ``delegations`` [{region, item, limit, from, to, withdrawn}], ``households``,
    ``roster``, ``changes``, ``payroll`` and ``comparisons`` (see ``given_rosters``), ``checks`` (see ``given_checks``), ``sweeps`` (see
    ``given_sweeps``); other keys are left to the caller.
    """
    _open_funds(transaction, given.get("funds", {}))
    duty.assign(transaction, _everybody_on_duty())
    for township in given.get("overdue", ()):
        overdue.mark(transaction, _other_case(str(township)))
    for earlier in given.get("history", ()):
        _give_relief(transaction, earlier, ReliefRegister(keyring))
    _watch(transaction, given.get("monitoring", ()), ReliefRegister(keyring))
    delegations.record(transaction, [_delegation(one) for one in given.get("delegations", ())])
    for begun in given.get("checks", ()):
        given_checks.begin_check(transaction, begun, keyring)
    for home in given.get("households", ()):
        given_rosters.give_household(transaction, home, keyring)
    for entry in given.get("roster", ()):
        given_rosters.give_entry(transaction, entry, keyring)
    for reported in given.get("changes", ()):
        given_rosters.give_change(transaction, reported, keyring)
    for run in given.get("payroll", ()):
        given_rosters.give_payroll(transaction, run)
    for begun in given.get("sweeps", ()):
        given_sweeps.give_sweep(transaction, begun, keyring)
    for run in given.get("comparisons", ()):
        given_rosters.give_comparison(transaction, run)


def read_ledger(transaction: Transaction) -> Mapping[str, Decimal]:
    """Return every account's balance in yuan, by ``kind/region``; compare two readings to see what moved."""
    return ledger.balances(transaction)


def _open_funds(transaction: Transaction, otherwise: Mapping[str, Any]) -> None:
    amounts = {unit.code: TOWNSHIP_FUND for unit in regions.townships()}
    amounts |= {unit.code: COUNTY_FUND for unit in regions.counties()}
    amounts |= {ledger.account(name).region: Decimal(str(amount)) for name, amount in otherwise.items()}
    wanted = {region: fen(amount) for region, amount in amounts.items() if amount}
    funds.open_funds(transaction, wanted, "年初拨付")


def _everybody_on_duty() -> Iterable[OnDuty]:
    units = (*regions.counties(), *regions.townships())
    return [OnDuty(unit.code, f"{unit.name}值班", _DUTY_PHONE) for unit in units]


def _other_case(region: str) -> CaseRef:
    return CaseRef(new_key(), "既有案件", region)


def _give_relief(transaction: Transaction, earlier: Mapping[str, Any], register: ReliefRegister) -> None:
    case = _other_case(str(earlier.get("region", regions.CITY)))
    who = Applicant(
        id_no=str(earlier.get("id_no") or ""),
        phone=str(earlier.get("phone") or ""),
        place=str(earlier.get("place") or ""),
        name=str(earlier.get("applicant_name") or "某人"),
    )
    at = _moment(earlier["at"])
    facts = {"cause": str(earlier["cause"]), "track": None, "persons": None, "requested": None}
    register.register(transaction, case, who, facts, at)
    relief.backdate(transaction, case, "paid", fen(Decimal(str(earlier.get("amount", 500)))), at)


def _watch(transaction: Transaction, listed: Iterable[Mapping[str, Any]], register: ReliefRegister) -> None:
    for one in listed:
        person = register.person(str(one["id_no"]))
        if person is not None:
            monitoring.watch(
                transaction, str(one.get("region", regions.CITY)), {person: str(one["group"])}, date(2026, 1, 1)
            )


def _delegation(one: Mapping[str, Any]) -> Delegation:
    until = one.get("to")
    return Delegation(
        region=str(one.get("township") or one.get("region") or one["county"]),
        item=str(one.get("item", delegations.RELIEF)),
        limit=fen(Decimal(str(one["limit"])), "limit") if "limit" in one else 0,
        since=_moment(one.get("from", "2026-01-01")).date(),
        until=_moment(until).date() if until else None,
        unlimited="limit" not in one,
        withdrawn=bool(one.get("withdrawn")),
    )


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return start_of_day(value)
    return _moment(datetime.fromisoformat(str(value)))

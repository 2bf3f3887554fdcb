"""Decisions and rosters as diagrams call them: who decided, who is enrolled, changed, suspended, stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine.errors import ModelError, Text
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import decisions, residents, rosters
from workflows.registers.decisions import Decision
from workflows.registers.ledger import CaseRef
from workflows.registers.money import yuan
from workflows.registers.payroll.release import release
from workflows.registers.residents import Residents
from workflows.registers.rosters import Accounts, Change, Enrolment
from workflows.services.reading import (
    case_of,
    day,
    day_or_none,
    fen_or_none,
    fen_or_zero,
    flag,
    key,
    key_or_none,
    text,
)

Turn = Callable[[Transaction, CaseRef, int, Change], bool]


class RosterDesk:
    """The handlers that need the keys of residents and accounts."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)
        self._accounts = Accounts(keyring)

    def find(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the live entry of the resident (or of ``id_no``) in the benefit, empty without one."""
        holder = key_or_none(call, "resident") or self._residents.find(transaction, text(call, "id_no"))
        row = None if holder is None else rosters.live(transaction, text(call, "benefit"), holder)
        if row is None:
            return {"roster": "", "roster_state": "none", "roster_amount": yuan(0), "roster_class": None}
        amount = rosters.amount_on(transaction, row.key, day(call, "on", transaction.now.date()))
        return {
            "roster": str(row.key),
            "roster_state": row.state,
            "roster_amount": yuan(amount),
            "roster_class": row._mapping["class"],
        }

    def find_stopped(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the entry of ``id_no`` in the benefit that was stopped last: from which day, and the amount before."""
        holder = self._residents.find(transaction, text(call, "id_no"))
        row = None if holder is None else rosters.last_stopped(transaction, text(call, "benefit"), holder)
        if row is None:
            return {"roster": "", "stopped_from": None, "stopped_amount": yuan(0)}
        before = rosters.amount_on(transaction, row.key, row.until - timedelta(days=1))
        return {"roster": str(row.key), "stopped_from": row.until, "stopped_amount": yuan(before)}

    def enrol(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the key of the holder's entry in the benefit, paid from ``since`` on.

        The holder is ``resident``, or whoever has ``id_no``; ModelError when the registers know neither.
        """
        new = Enrolment(
            benefit=text(call, "benefit"),
            holder=self._holder(call, transaction),
            household=key_or_none(call, "household"),
            since=day(call, "since"),
            amount=fen_or_zero(call, "amount"),
            decision=key(call, "decision"),
            class_=text(call, "class") or None,
            next_review=day_or_none(call, "next_review"),
            tier=text(call, "tier") or None,
        )
        return {"roster": str(rosters.enrol(transaction, case_of(call), new)), "resident": str(new.holder)}

    def _holder(self, call: LocalCall, transaction: Transaction) -> int:
        known = key_or_none(call, "resident") or self._residents.find(transaction, text(call, "id_no"))
        if known is None:
            raise ModelError(
                Text(
                    "入册前应先登记该对象,但登记中没有此人,请先登记家庭(household_enter)。",
                    "Expected the holder among the residents, but nobody is found; enter the household first.",
                ),
                call.element,
            )
        return known

    def keep_account(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write where the entry is paid to, and whether the bank confirmed the account."""
        account = {name: text(call, name) for name in ("payee_name", "bank_account", "bank")}
        self._accounts.set(transaction, key(call, "roster"), account, flag(call, "account_ok"))
        return {"account_kept": True}


def decision_record(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the key of the decision; whoever completed the task just before this step is the one who decided.

    A task that was handed up to the county is decided by the county, whatever level the diagram had foreseen.
    """
    level = "county" if call.case.get("actor_level") == "county" else text(call, "level") or "township"
    what = Decision(
        matter=text(call, "matter"),
        outcome=text(call, "outcome"),
        amount=fen_or_none(call, "amount"),
        level=level,
        decided_by=str(call.case.get("actor", "")),
        basis=text(call, "basis"),
        policy_date=call.case["policy_date"],
    )
    recorded = decisions.record(transaction, case_of(call), text(call, "purpose") or "decision", what)
    return {"decision": str(recorded)}


def roster_change(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Set the entry's amount (with ``class`` and ``tier`` where given) from ``effective`` on."""
    entry, change = key(call, "roster"), _change(call)
    class_, tier = text(call, "class") or None, text(call, "tier") or None
    rosters.change_amount(transaction, case_of(call), entry, fen_or_zero(call, "amount"), change, class_, tier)
    return {"changed": True}


def roster_reviewed(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write that the entry was reviewed and is due again on ``next_review``."""
    rosters.reviewed(transaction, case_of(call), key(call, "roster"), day(call, "next_review"), _change(call))
    return {"reviewed": True}


def roster_move(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Give the entry to the region ``to_region``."""
    rosters.move(transaction, case_of(call), key(call, "roster"), text(call, "to_region"), _change(call))
    return {"moved": True}


def roster_release(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Let the entry be paid after all: its lines of open runs at once, those of closed ones with the next run."""
    rosters.resume(transaction, case_of(call), key(call, "roster"), _change(call))
    release(transaction, key(call, "roster"))
    return {"released": True}


def roster_reopen(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Let a stopped entry go on from ``effective``: the months between are owed and paid with the next run."""
    rosters.reopen(transaction, case_of(call), key(call, "roster"), fen_or_zero(call, "amount"), _change(call))
    return {"reopened": True}


def turning(turn: Turn) -> Callable[[LocalCall, Transaction], Mapping[str, Any]]:
    """Return the handler that stops, suspends or resumes the entry from ``effective`` on."""

    def handler(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        turn(transaction, case_of(call), key(call, "roster"), _change(call))
        return {"turned": True}

    return handler


def death_note(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write that the resident died on ``died_on``, or lives where there is no such day."""
    residents.note_death(transaction, key(call, "resident"), day_or_none(call, "died_on"))
    return {"death_noted": True}


def _change(call: LocalCall) -> Change:
    return Change(day(call, "effective"), text(call, "reason"), key_or_none(call, "decision"))

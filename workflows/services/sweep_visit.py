"""One household's visit in the quarterly sweep: who lives there, who was seen, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.clock import end_of_day
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import households, rosters, sweeps
from workflows.registers.benefits import benefit
from workflows.registers.households import HEAD, Households
from workflows.registers.residents import Residents
from workflows.registers.sweep_texts import SweepTexts
from workflows.registers.sweeps import PersonSeen, SeenPeople, Visited
from workflows.services.reading import case_of, day_or_none, key, key_or_none, rows, text

_FACTS = ("name", "difficulty", "candidate_for", "benefits", "way_reason")


class SweepVisits:
    """The handlers that open and seal what is known of people."""

    def __init__(self, keyring: Keyring) -> None:
        self._households = Households(keyring)
        self._residents = Residents(keyring)
        self._people = SeenPeople(keyring)
        self._texts = SweepTexts(keyring)

    def open(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the ledger row, the round's days, and who is known to live there with what they draw.

        A household met on the way, which the registers do not know, is added to the ledger; ``running`` is false when
        no round is under way.
        """
        case, today = case_of(call), transaction.now.date()
        ledger = key_or_none(call, "ledger")
        # What a sample finds wrong is visited anew for its own round, also after the quarter.
        round_ = sweeps.running(transaction, today) if ledger is None else sweeps.round_of(transaction, ledger)
        if round_ is None:
            return {"running": False, "ledger": None, "round": "", **_days(today, today), **_nobody(call)}
        if ledger is None:
            added = sweeps.add_household(transaction, case, round_.round, 1)
            known = _nobody(call)
        else:
            added = ledger
            known = self._known(transaction, sweeps.begin_visit(transaction, case, ledger), today) or _nobody(call)
        days = _days(round_.starts_on, round_.ends_on)
        return {"running": True, "ledger": str(added), "round": round_.round, **days, **known}

    def record(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return how many persons were seen by whom, and what they are candidates for, after writing what was seen of each.

        Who was typed in beside the known ``members`` has no resident yet.
        """
        known = {str(one.get("name")): one.get("resident") for one in rows(call, "members")}
        listed = [{**one, "resident": known.get(str(one.get("name")))} for one in rows(call, "people")]
        self._people.record(transaction, key(call, "ledger"), [_seen(one) for one in listed])
        met = [one for one in listed if one.get("seen") is True]
        wanted = {str(benefit_) for one in met for benefit_ in one.get("candidate_for") or ()}
        by = str(call.case.get("actor", ""))
        return {"persons_seen": Decimal(len(met)), "wanted": sorted(wanted), "visited_by": by}

    def settle(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return whether this visit, which has ended as ``ended_as``, was the township's last one under way."""
        ended, ledger = text(call, "ended_as"), key(call, "ledger")
        by = None if ended == sweeps.UNVISITED else text(call, "visited_by") or str(call.case.get("actor", ""))
        visited = Visited(
            ended, day_or_none(call, "visited_on"), by,
            int(Decimal(text(call, "persons_seen") or 0)), [str(one) for one in call.variables.get("outcomes") or ()],
            self._texts.seal_why(ledger, text(call, "why")),
        )  # fmt: skip
        return {"last": sweeps.settle(transaction, case_of(call), ledger, visited), "ended_as": ended}

    def _known(self, transaction: Transaction, household: int | None, on: date) -> Mapping[str, Any] | None:
        if household is None:
            return None
        listed = households.members(transaction, household, on)
        keys = [one.resident for one in listed]
        drawn = rosters.open_benefits(transaction, household, keys)
        everybody = self._residents.read_all(transaction, keys, on)
        people = []
        for one in listed:
            known = everybody.get(one.resident)
            if known is None or known.died_on is not None:
                continue
            own = [benefit(id_).name.zh for id_ in (*drawn.get(one.resident, ()), *drawn.get(None, ()))]
            said = {"name": known.person.name, "relation": one.relation, "benefits": "、".join(dict.fromkeys(own))}
            people.append(said | {"resident": str(one.resident), "id_no": known.person.id_no})
        home = self._households.read(transaction, household, on)
        head = people[0] if people else {}
        return {
            "household_name": head.get("name", ""),
            "id_no": head.get("id_no", ""),
            "place": home.address if home else "",
            "area": home.area if home else None,
            "household": str(household),
            "head": head.get("resident"),
            "members": [{name: value for name, value in one.items() if name != "id_no"} for one in people],
        }


def sweep_start(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Have a case of the process ``asked`` started with the context ``handed``, in the household's place."""
    handed = call.variables.get("handed")
    transaction.request_case(text(call, "asked"), case_of(call).region, handed if isinstance(handed, Mapping) else {})
    return {"asked_for": text(call, "asked")}


def _days(starts_on: date, ends_on: date) -> Mapping[str, Any]:
    """Return the round's first day, and the moment in which its last day is over."""
    return {"starts_on": starts_on, "over_at": end_of_day(ends_on)}


def _nobody(call: LocalCall) -> Mapping[str, Any]:
    """Return what was typed about a household that the registers do not know."""
    name = text(call, "household_name")
    first = {"name": name, "relation": HEAD, "benefits": "", "resident": None}
    typed = {"household_name": name, "id_no": text(call, "id_no"), "place": text(call, "place")}
    return {**typed, "members": [first], "household": None, "head": None, "area": None}


def _seen(one: Mapping[str, Any]) -> PersonSeen:
    resident = str(one.get("resident") or "")
    seen = one.get("seen") is True
    facts = {name: one.get(name) for name in _FACTS}
    return PersonSeen(int(resident) if resident else None, seen, str(one["way"]) if seen else None, facts)

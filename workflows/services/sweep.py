"""The quarterly sweep as the city, the counties and the townships call it: opened, listed, signed, sampled, closed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.clock import add_months
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import regions, sweep_coverage, sweeps
from workflows.registers.residents import Residents
from workflows.registers.sweep_coverage import Coverage, Line
from workflows.registers.sweep_homes import Home, SweepHomes, village_words
from workflows.registers.sweep_texts import SweepTexts
from workflows.registers.sweeps import TOWNSHIP, Round
from workflows.services.reading import case_of, day, number, rows, text

_VISIT = "sweep_visit"
_CITY, _COUNTY, _WHOLE = 4, 6, 12
# So many lines one form holds.
_AT_ONCE = 200


def sweep_open(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the round of the day it was to start, whether it is this case's own, and the areas to be asked."""
    when = _round_of(day(call, "scheduled_at", transaction.now.date()), int(number(call, "sweep.cycle_months")))
    case = case_of(call)
    return {
        "round": when.round,
        "ends_on": when.ends_on,
        "own_round": sweeps.open_round(transaction, case, when),
        "areas": [code for code, _name in regions.children(case.region)],
    }


def sweep_areas(call: LocalCall, _transaction: Transaction) -> Mapping[str, Any]:
    """Return the areas directly inside the case's."""
    return {"areas": [code for code, _name in regions.children(case_of(call).region)]}


def sweep_ask(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Have the area's own case started: the process ``asked`` for the area."""
    handed = {name: call.variables[name] for name in ("round", "ends_on", "notice_text")}
    area = text(call, "area")
    transaction.request_case(text(call, "asked"), area, handed)
    return {"area_name": regions.full_name(area)}


def sweep_list(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many households the township's ledger has; everybody known today is listed."""
    found = sweeps.list_households(transaction, case_of(call), text(call, "round"), transaction.now.date())
    return {"households": Decimal(found)}


def sweep_countersign(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many settled households of the area are left to somebody else: nobody signs an own visit."""
    round_, area = text(call, "round"), text(call, "area")
    signed = sweeps.countersign(transaction, round_, area, str(call.case.get("actor", "")))
    return {"signed_rows": Decimal(signed), "own_rows": Decimal(sweeps.unsigned(transaction, round_, area))}


def sweep_close(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Close the case's area, the city's with the round."""
    area, round_ = case_of(call).region, text(call, "round")
    sweeps.close_area(transaction, round_, area)
    if len(area) == _CITY:
        sweeps.close_round(transaction, round_)
    return {"closed": True}


class SweepDesk:
    """The handlers that name, draw or show households."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._residents = Residents(keyring)
        self._texts = SweepTexts(keyring)
        self._homes = SweepHomes(keyring)

    def open_visits(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return whether households are left without a visit after opening the next ones, so many as one commit takes."""
        round_, township = text(call, "round"), case_of(call).region
        most = int(number(call, "sweep.visits_per_commit"))
        self._request(transaction, sweeps.open_next(transaction, round_, township, most))
        return {"more": sweeps.unopened(transaction, round_, township)}

    def recheck(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return how many visits are opened anew because the county's sample found them wrong."""
        found = sweeps.reopen(transaction, text(call, "round"), text(call, "area"))
        self._request(transaction, found)
        return {"reopened": Decimal(len(found))}

    def _request(self, transaction: Transaction, found: Sequence[tuple[int, str, int | None]]) -> None:
        homes = [home for _ledger, _region, home in found if home is not None]
        heads = self._residents.heads(transaction, homes, transaction.now.date())
        for ledger, region, home in found:
            head = heads.get(home) if home is not None else None
            named = {"household_name": head.name, "id_no": head.id_no} if head else {}
            transaction.request_case(_VISIT, region, {"ledger": str(ledger), **named})

    def excuse(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write why households were not met, from lines of {ledger, reason}."""
        given = {int(one["ledger"]): str(one["reason"]) for one in rows(call, "exceptions")}
        sealed = {ledger: self._texts.seal_excuse(ledger, reason) for ledger, reason in given.items()}
        sweeps.excuse(transaction, text(call, "round"), sealed)
        return {"excused": Decimal(len(given))}

    def sums(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return how far the case's area is: totals, the areas inside it, villages to countersign.

        Who was missed is named to the township alone, which has to say why.
        """
        round_, area = text(call, "round"), case_of(call).region
        inside = {_CITY: _COUNTY, _COUNTY: TOWNSHIP}.get(len(area), _WHOLE)
        parts = sweep_coverage.coverage(transaction, round_, area, inside)
        left = sweep_coverage.unexcused(transaction, round_, area, _AT_ONCE) if len(area) == TOWNSHIP else []
        judged, wrong = sweep_coverage.sampled(transaction, round_, area)
        total = _total(parts)
        return {
            **total,
            "sheet": [_shown(one) for one in parts],
            "villages": [
                {**one, "name": village_words(one["village"])}
                for one in sweep_coverage.villages(transaction, round_, area)
            ],
            "exceptions": self._exceptions(transaction, left),
            "unexcused": Decimal(total["missed"] - total["excused"]),
            "found": sweep_coverage.found(transaction, round_, area),
            "sample_size": Decimal(judged),
            "sample_wrong": Decimal(wrong),
        }

    def _exceptions(self, transaction: Transaction, left: Sequence[Line]) -> Sequence[Mapping[str, Any]]:
        homes = self._homes.of(transaction, left)
        return [
            {
                **_family(one, homes[one.ledger]),
                "what": "未遇" if one.state == sweeps.NOT_MET else "季末未排查",
                "reason": self._texts.why(one.ledger, one.why),
            }
            for one in left
        ]

    def sample(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the county's sample by township. Nobody foresees which household it holds, and a repeat draws the same."""
        round_, county = text(call, "round"), case_of(call).region
        known = sweep_coverage.settled_keys(transaction, round_, county)
        size = math.ceil(len(known) * number(call, "sweep.sample_rate"))
        keys = sorted((key_ for key_, _region in known), key=lambda one: self._keyring.blind("sweep_sample", str(one)))
        sweeps.draw_sample(transaction, round_, county, keys[:size])
        by: dict[str, list[Mapping[str, Any]]] = {}
        lines = sweep_coverage.drawn(transaction, round_, county)
        homes = self._homes.of(transaction, lines)
        for one in lines:
            by.setdefault(one.region[:TOWNSHIP], []).append(_sampled(one, homes[one.ledger]))
        parts = (
            (code, rows_[at : at + _AT_ONCE]) for code, rows_ in by.items() for at in range(0, len(rows_), _AT_ONCE)
        )
        return {"samples": [{"name": regions.full_name(code), "area": code, "lines": part} for code, part in parts]}


def sweep_judge(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the townships in which the sample found households other than the ledger says."""
    wrong: list[str] = []
    for group in rows(call, "judged"):
        for one in group["lines"]:
            sweeps.judge_sample(transaction, int(one["ledger"]), one.get("right") is True)
            if one.get("right") is not True and group["area"] not in wrong:
                wrong.append(str(group["area"]))
    return {"wrong_areas": wrong}


def _round_of(on: date, months: int) -> Round:
    first = on.month - (on.month - 1) % months
    starts = date(on.year, first, 1)
    return Round(f"{on.year}Q{(first - 1) // months + 1}", starts, add_months(starts, months) - timedelta(days=1))


def _total(parts: Sequence[Coverage]) -> dict[str, Any]:
    names = ("households", "seen", "not_met", "unvisited", "underway", "persons", "persons_seen", "excused")
    found: dict[str, Any] = {name: Decimal(sum(getattr(one, name) for one in parts)) for name in names}
    missed = found["not_met"] + found["unvisited"]
    whole = found["households"]
    return found | {"missed": missed, "covered": Decimal(100) if not whole else found["seen"] * 100 // whole}


def _shown(one: Coverage) -> Mapping[str, Any]:
    return {
        "area": regions.full_name(one.area) + (one.area[TOWNSHIP:] and f"（{one.area[TOWNSHIP:]}）"),
        "households": one.households,
        "seen": one.seen,
        "missed": one.not_met + one.unvisited,
        "covered": f"{one.covered}%",
    }


def _sampled(one: Line, home: Home) -> Mapping[str, Any]:
    said = f"{one.persons} 人，见到 {one.seen} 人，{'有困难' if one.outcomes else '无新困难'}"
    return {**_family(one, home), "said": said, "assistant": one.assistant or ""}


def _family(one: Line, home: Home) -> Mapping[str, Any]:
    return {"ledger": str(one.ledger), "who": home.who, "place": home.place, "visit": home.visit}

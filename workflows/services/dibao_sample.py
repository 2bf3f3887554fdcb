"""The county's monthly supervision of the living allowance: a sample of decisions, and what is paid on average."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.clock import SHANGHAI, add_months, start_of_day
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import dibao_samples, regions
from workflows.registers.dibao_averages import Average, averages
from workflows.registers.dibao_samples import Decided
from workflows.registers.households import Households
from workflows.registers.money import written, yuan
from workflows.registers.residents import Resident, Residents
from workflows.services.reading import case_of, day, number, rows

_TOWNSHIP = 9
# So many lines one form holds.
_AT_ONCE = 200
_AREAS = {"city": "城市", "rural": "农村"}


class SampleDesk:
    """The handlers that draw by the key that blinds, or name people."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._residents = Residents(keyring)
        self._households = Households(keyring)

    def draw(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return how many decisions the townships took in the month before the one due (``scheduled_at``), and the sample of them by township.

        Nobody foresees which decision it holds, and a repeat draws the same.
        """
        case = case_of(call)
        until = day(call, "scheduled_at", transaction.now.date()).replace(day=1)
        since = add_months(until, -1)
        known = dibao_samples.decided(transaction, case.region, start_of_day(since), start_of_day(until))
        size = math.ceil(len(known) * number(call, "supervise.sample_rate.dibao"))
        chosen = sorted(known, key=lambda one: self._keyring.blind("dibao_sample", str(one)))[:size]
        dibao_samples.draw(transaction, case, chosen)
        lines = self._by_township(transaction, dibao_samples.drawn(transaction, case))
        parts = ((code, found[at : at + _AT_ONCE]) for code, found in lines.items() for at in _starts(found))
        return {
            "month": f"{since:%Y-%m}",
            "decided": Decimal(len(known)),
            "drawn": Decimal(sum(len(found) for found in lines.values())),
            "samples": [{"name": regions.full_name(code), "lines": part} for code, part in parts],
        }

    def judge(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return what was found wrong after writing every result; each wrong decision gets a case of its own."""
        case, by = case_of(call), str(call.case.get("actor", ""))
        known = {one.decision: one for one in dibao_samples.drawn(transaction, case)}
        findings = []
        for line in (one for group in rows(call, "judged") for one in group["lines"]):
            what, right = known[int(line["decision"])], line.get("right") is True
            if dibao_samples.judge(transaction, what.decision, right, by) and not right:
                findings.append(self._follow(transaction, what, str(line.get("finding") or "")))
        return {"wrong": Decimal(len(findings)), "findings": findings}

    def _follow(self, transaction: Transaction, what: Decided, finding: str) -> Mapping[str, Any]:
        who, reason = self._who(transaction, what), f"县级抽查与决定不符：{finding}"
        said = {"number": what.number, "said": _said(what), "finding": finding}
        if what.outcome == "granted":
            handed = {"review_kind": "household", "id_no": who.id_no, "review_reason": reason}
            transaction.request_case("dibao_review", what.region, handed)
            return {**said, "follow": "已立复核"}
        transaction.request_case("dibao", what.region, self._anew(transaction, what, who, reason))
        return {**said, "follow": "已重新办理"}

    def _anew(self, transaction: Transaction, what: Decided, who: Resident, reason: str) -> dict[str, Any]:
        """Return what a refused application is decided on anew; it counts as a complaint, so that the county visits."""
        today = transaction.now.date()
        home = self._households.read(transaction, what.household, today) if what.household is not None else None
        return {
            "applicant_name": who.name, "id_no": who.id_no, "phone": who.phone, "place": home.address if home else "",
            "area": home.area if home else None, "household": _key(what.household), "head": _key(what.holder),
            "variant": what.variant or "family", "accepted_on": today, "difficulty": reason, "complaint": True,
            "relative_in_office": False, "green_requested": False,
        }  # fmt: skip

    def _by_township(self, transaction: Transaction, found: Sequence[Decided]) -> Mapping[str, list[Mapping[str, Any]]]:
        by: dict[str, list[Mapping[str, Any]]] = {}
        for one in found:
            by.setdefault(one.region[:_TOWNSHIP], []).append(self._line(transaction, one))
        return by

    def _line(self, transaction: Transaction, one: Decided) -> Mapping[str, Any]:
        on = one.decided_at.astimezone(SHANGHAI).date().isoformat()
        said = {"number": one.number, "name": self._who(transaction, one).name, "said": _said(one), "decided_on": on}
        return {"decision": str(one.decision), **said}

    def _who(self, transaction: Transaction, one: Decided) -> Resident:
        known = None if one.holder is None else self._residents.read(transaction, one.holder, transaction.now.date())
        return known.person if known is not None else Resident("")


def dibao_averages(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what is paid per head and month in towns and villages beside what it should reach, in yuan.

    ``short`` is whether an area stays below ``dibao.subsidy_avg.city`` or ``dibao.subsidy_avg.rural``.
    """
    found = averages(transaction, case_of(call).region, transaction.now.astimezone(SHANGHAI).date())
    shown = [_shown(call, one) for one in found]
    return {
        "averages": shown,
        "recipients": Decimal(sum(one.persons for one in found)),
        "short": any(not one["enough"] for one in shown),
    }


def _shown(call: LocalCall, one: Average) -> Mapping[str, Any]:
    level = number(call, f"dibao.subsidy_avg.{one.area}")
    average = (yuan(one.amount) / one.persons).quantize(Decimal("0.01"), ROUND_HALF_UP)
    enough = average >= level
    result = "达到" if enough else "没有达到"
    said = {"area": _AREAS[one.area], "persons": Decimal(one.persons), "average": average, "level": level}
    return {**said, "enough": enough, "result": result}


def _said(one: Decided) -> str:
    return "不予确认" if one.outcome == "refused" else f"确认，每月 {written(one.amount or 0)}"


def _key(value: int | None) -> str:
    return "" if value is None else str(value)


def _starts(found: list[Mapping[str, Any]]) -> range:
    return range(0, len(found), _AT_ONCE)

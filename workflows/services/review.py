"""Regular reviews as diagrams call them: opened by township, sorted by signs, noted where nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.clock import add_months
from engine.errors import ModelError, Text
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import reviews, rosters
from workflows.registers.residents import Resident, Residents
from workflows.registers.reviews import Due
from workflows.registers.rosters import Change
from workflows.services.reading import case_of, key, number, rows, text

_PROCESS = "dibao_review"
_BENEFIT = "dibao"
_SIGNS = {
    "death": "家庭成员已死亡",
    "change": "有未办结的变动报告",
    "mismatch": "核对疑似不符",
    "suspended": "已暂停发放",
}


class ReviewDesk:
    """The handlers that need the keys of residents."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)

    def collect(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the households of the township without any sign; each with a sign gets a review of its own.

        What the registers know is the light check: no query of a person's data without a case of its own (SD4).
        """
        region, until = case_of(call).region, _month_end(transaction.now.date())
        found = reviews.due(transaction, _BENEFIT, region, until)
        for one in found:
            if one.signs:
                transaction.request_case(_PROCESS, region, self._handed(transaction, one))
        quiet = [self._line(transaction, one) for one in found if not one.signs]
        return {"quiet": quiet, "signs": sum(bool(one.signs) for one in found)}

    def _handed(self, transaction: Transaction, one: Due) -> dict[str, Any]:
        reason = "、".join(_SIGNS[sign] for sign in one.signs)
        return {"review_kind": "household", "id_no": self._who(transaction, one).id_no, "review_reason": reason}

    def _line(self, transaction: Transaction, one: Due) -> dict[str, Any]:
        name = self._who(transaction, one).name
        return {"roster": str(one.entry), "name": name, "class": one.class_ or "", "due_on": one.due_on.isoformat()}

    def _who(self, transaction: Transaction, one: Due) -> Resident:
        known = self._residents.read(transaction, one.holder, transaction.now.date())
        return known.person if known is not None else Resident("")


def review_open(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return in how many townships of the county reviews are due this month; a case begins in each."""
    county, until = case_of(call).region, _month_end(transaction.now.date())
    places = reviews.townships_due(transaction, _BENEFIT, county, until)
    for place in places:
        transaction.request_case(_PROCESS, place, {"review_kind": "list"})
    return {"townships": len(places)}


def review_note(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write that the households of the list were reviewed and when each is due again, by its class."""
    case, today = case_of(call), transaction.now.date()
    change = Change(today, "定期复核，情况没有变化")
    for one in rows(call, "quiet"):
        rosters.reviewed(transaction, case, int(one["roster"]), _next(call, str(one["class"]), today), change)
    return {"noted": True}


def review_done(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write that the household was reviewed, unless its benefit has ended, and when it is due again by its ``class``."""
    today, entry = transaction.now.date(), key(call, "roster")
    due = _next(call, text(call, "class"), today)
    rosters.reviewed(transaction, case_of(call), entry, due, Change(today, text(call, "reason") or "定期复核"))
    return {"next_review": due}


def _next(call: LocalCall, class_: str, today: date) -> date:
    """A household without a class is reviewed as often as the one whose income changes most."""
    name = class_.lower() or "c"
    if name not in ("a", "b", "c"):
        raise ModelError(
            Text(
                f"类别应为 A、B、C 之一,但收到的是「{class_}」,请检查花名册。",
                f"Expected class A, B or C, but got {class_!r}; check the roster.",
            ),
            call.element,
        )
    return add_months(today, int(number(call, f"review.cycle.{name}_months")))


def _month_end(today: date) -> date:
    return add_months(today.replace(day=1), 1) - timedelta(days=1)

"""What staff do in cases that begin by themselves: the sweep's, the comparison's, claims for money paid wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine.store.cases import CaseRow
from workflows.demo.answers import Answers, claimed, soon
from workflows.demo.citizens import dice
from workflows.demo.scripts import TODAY, Answer, Script, in_days

Page = Mapping[str, Any]
_DAY = timedelta(days=1)


def routine_of(row: CaseRow, number: int) -> Script | None:
    """Return what is done in the case, the ``number``-th of its process in its county; None where all is left lying."""
    build = _ROUTINES.get(row.process)
    if build is None:
        return None
    return Script(f"{row.process}_by_itself", row.process, row.region, row.started_at, "system", {}, build(number))


def _sweep(number: int) -> Answers:
    text = "逐户逐人见面，不漏一户、不漏一人；九月二十五日前报齐。"
    return {"task_notice": soon({"notice_text": text}, dice(f"sweep {number}"))}


def _sweep_county(number: int) -> Answers:
    return {"task_confirm": soon({"confirmed": True}, dice(f"sweep county {number}"))}


def _sweep_township(number: int) -> Answers:
    signed = soon({"ledger_true": True}, dice(f"sweep township {number}"))
    return {"task_sign": signed * 3, "task_county_sign": signed}


def _sweep_visit(number: int) -> Answers:
    """Return a visit on one of the season's days; every third family waits still."""
    if number % 3 == 0:
        return {}
    seen = {"visited_on": TODAY, "nobody_met": False}
    return {"task_visit": [Answer(seen, number * 11 % 75 * _DAY, of_page=_everybody)]}


def _everybody(page: Page) -> Page:
    """Return that everybody the page names was met in person and has no new need."""
    return {
        "people": [{"name": one["name"], "seen": True, "way": "face", "difficulty": ["none"]} for one in page["people"]]
    }


def _mismatch(number: int) -> Answers:
    """Return the first wrong payment verified, so that the person is heard; later ones wait."""
    if number > 1:
        return {}
    random = dice(f"mismatch {number}")
    wrong = {
        "verify_result": "wrong", "verify_note": "电话核实：残疾人证已注销，本人知情", "place": "见残疾人证登记住址",
        "wrong_since": in_days(-20), "recover_cause": "late_report",
    }  # fmt: skip
    return {"subsidy_mismatch/task_verify": soon(wrong, random)}


def _recovery(number: int) -> Answers:
    return claimed(dice(f"recovery {number}")) if number > 1 else {}


_ROUTINES: Mapping[str, Callable[[int], Answers]] = {
    "sweep": _sweep,
    "sweep_county": _sweep_county,
    "sweep_township": _sweep_township,
    "sweep_visit": _sweep_visit,
    "subsidy_mismatch": _mismatch,
    "recovery": _recovery,
}

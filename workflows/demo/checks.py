"""Economic checks in every state, of families that the simulated departments know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from workflows.demo.answers import Answers
from workflows.demo.citizens import dice
from workflows.demo.dates import OPENING
from workflows.demo.scripts import NO_INTERFACE, OPEN_CASE, SILENT, TODAY, Answer, Script, in_days
from workflows.departments.households import Family, families

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ITEMS = ["household", "tax", "social_insurance", "real_estate", "vehicle", "disability", "bank", "civil_affairs"]
# Lives that a check has something to say about, and what it says.
_STRIKING = {
    "driver": "名下有小型轿车",
    "shopkeeper": "名下有经营和商铺",
    "saver": "存款超过规定",
    "two_jobs": "申报收入高于缴费工资",
}
_WORK = {"pupil": "student", "pensioner": "retired", "jobless": "unemployed", "employed": "employed"}
_FITS = {"check_result": "符合", "cleared": [], "signed": True}
_ELSEWHERE = "410502"


def plan_checks(places: Iterable[str]) -> list[Script]:
    """Return the scripts of the checks in the places, one for each state a check can be in."""
    random = dice("checks")
    known = list(families())
    striking = [family for family in known if _why(family)]
    modest = [family for family in known if not _why(family)]
    return [script for place in places for script in _of_place(random, place, striking, modest)]


def _of_place(random: Random, place: str, striking: list[Family], modest: list[Family]) -> Iterator[Script]:
    for story, (ago, differs, left_lying, sources) in _STORIES.items():
        family = random.choice(striking if differs else modest)
        at = (OPENING - ago).replace(second=0, microsecond=0)
        answers = {**_answers(random, family, story), **dict.fromkeys(left_lying, ())}
        yield Script(f"check_{story}", "check", place, at, "window", _request(family, story), answers, sources=sources)


def _request(family: Family, story: str) -> Mapping[str, Any]:
    refused = story in ("returned", "no_authorisation")
    members = [
        {
            "name": member.name,
            "id_no": member.person.id_no,
            "relation": member.relation,
            "job": _WORK.get(member.person.life, "flexible"),
            "lives_together": True,
            "dependent": False,
            "absence": "no",
            "hukou": _ELSEWHERE if story == "elsewhere" and place == 0 else "",
            **_signed(not refused or place > 0),
        }
        for place, member in enumerate(family.members)
    ]
    wanted = {"purpose": "new", "programme": "dibao", "residence": "rural", "items": _ITEMS, "members": members}
    return {"origin": OPEN_CASE, **wanted}


def _signed(signed: bool) -> Mapping[str, Any]:
    return {"authorised": True, "authorised_until": in_days(365)} if signed else {"authorised": False}


def _answers(random: Random, family: Family, story: str) -> Answers:
    def soon(values: Mapping[str, Any]) -> list[Answer]:
        return [Answer(values, random.uniform(1, 6) * _HOUR)]

    doubts = {"check_result": "疑似不符", "operator_note": f"{_why(family)},与申报的情况不一致", **_LOOKED_AT}
    partly = {"check_result": "数据缺失", "operator_note": "有部门逾期没有答复,其余未见异常", **_LOOKED_AT}
    signed = {"late": partly, "silent": partly}.get(story, doubts if _why(family) else _FITS)
    said = {"evidence": "contest", "evidence_note": "家人说明情况,并交来证明材料"}
    return {
        "task_control": soon(_CONTROL.get(story, {"control_result": "accept"})),
        "task_sign": soon(signed),
        "task_tell": soon({"told_how": "handed", "told_on": TODAY}),
        "task_evidence": [Answer(said, random.uniform(1, 2) * _DAY)],
        "task_recheck": soon({**_FITS, "cleared": ["1"]}),
    }


def _why(family: Family) -> str:
    """Return what a check of the family would find, empty when nothing."""
    return next((said for member in family.members if (said := _STRIKING.get(member.person.life))), "")


_LOOKED_AT = {"cleared": [], "signed": True}
_CONTROL: Mapping[str, Mapping[str, Any]] = {
    "returned": {"control_result": "return", "control_note": "请补签申请人的核对授权书"},
    "no_authorisation": {"control_result": "no_authorisation", "control_note": "申请人不同意核对"},
}
_UNTIL_SIGNED: Sequence[str] = ("task_sign",)
# story -> since when, whether the family's data differs, which tasks nobody has done yet, which sources misbehave
_STORIES: Mapping[str, tuple[timedelta, bool, Sequence[str], Mapping[str, str]]] = {
    "control": (timedelta(hours=18), False, ("task_control",), {}),
    "returned": (timedelta(days=2), False, ("task_compose",), {}),
    "no_authorisation": (timedelta(days=6), False, (), {}),
    "asking": (timedelta(days=1, hours=2), False, _UNTIL_SIGNED, {"tax": SILENT}),
    "letter": (timedelta(days=1, hours=3), False, ("task_officer", *_UNTIL_SIGNED), {"housing": NO_INTERFACE}),
    "to_sign": (timedelta(days=2, hours=1), True, _UNTIL_SIGNED, {}),
    "silent": (timedelta(days=8), False, _UNTIL_SIGNED, {"police": SILENT}),
    "late": (timedelta(days=13), False, (), {"tax": SILENT}),
    "fits": (timedelta(days=9), False, (), {}),
    "elsewhere": (timedelta(days=5), False, (), {}),
    "told": (timedelta(days=4), True, ("task_evidence",), {}),
    "recheck": (timedelta(days=7), True, ("task_recheck",), {}),
    "rechecked": (timedelta(days=12), True, (), {}),
    "no_evidence": (timedelta(days=19), True, ("task_evidence",), {}),
}

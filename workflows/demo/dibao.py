"""Applications for the living allowance: to be visited, examined, made public, confirmed, enrolled; one in the green channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from workflows.demo.answers import Answers, checked, delivered, soon, visited
from workflows.demo.citizens import Citizen, account, citizen, dice
from workflows.demo.dates import OPENING
from workflows.demo.scripts import TODAY, Script


def plan_dibao(places: Iterable[str]) -> list[Script]:
    """Return the scripts of applicants in the places, one for each state."""
    random = dice("dibao")
    return [script for place in places for script in _of_place(random, place)]


def _of_place(random: Random, place: str) -> Iterator[Script]:
    for story, (ago, left_lying) in _STORIES.items():
        who = citizen(random, place)
        at = (OPENING - ago).replace(second=0, microsecond=0)
        answers = {**_answers(random, who), **dict.fromkeys(left_lying, ())}
        yield Script(f"dibao_{story}", "dibao", who.region, at, "window", _applied(random, who, story), answers)


def _applied(random: Random, who: Citizen, story: str) -> Mapping[str, Any]:
    green = {"green_requested": True, "green_reason": "本月临时保障到期,家中没有存粮"} if story == "green" else {}
    return {
        "applicant_name": who.name,
        "id_no": who.id_no,
        "phone": who.phone,
        "place": who.place,
        "area": "rural",
        "household_members": [],
        "declared_income": 200,
        "difficulty": "年老多病,种地收入不够生活",
        "payee_name": who.name,
        "bank_account": account(random),
        "relative_in_office": story == "county_visit",
        "consent_data": True,
        "promise_true": True,
        **green,
    }


def _answers(random: Random, who: Citizen) -> Answers:
    found = {
        "per_head_income": 100,
        "income_reason": "种地收入按当地标准核定",
        "dibao_assets": "ok",
        "edge_assets": "ok",
    }
    health = {"work_ability": "none", "stable_income": True, "elders": 0, "minors": 0, "severe": 0, "serious": 0}
    posted = {"posted_place": "村务公开栏", "posted_on": TODAY, "hotline": "03733051234"}
    opinion = {
        "opinion": "approve",
        "class": "A",
        "tier": "A",
        "amount": 420,
        "opinion_reason": "收入财产符合,生活确有困难",
    }
    return {
        **visited({"place": who.place, "persons": 1}, random),
        **checked(who.name, random),
        "task_green": soon({"green_agreed": True, "bridge_amount": 500, "green_note": "情况属实,优先办理"}, random),
        "task_examine": soon({**found, **health, "special_found": "none", "exam_note": "核对与入户一致"}, random),
        "task_opinion": soon(opinion, random),
        "task_post": soon(posted, random),
        "task_close": soon({"taken_down": True}, random),
        "dibao/task_confirm": soon({"conclusion": "approve"}, random),
        "enrolment/task_publish": soon({"posted_place": "村务公开栏", "posted_on": TODAY}, random),
        **delivered(who.name, random),
    }


# story -> since when, which tasks nobody has done yet
_STORIES: Mapping[str, tuple[timedelta, Sequence[str]]] = {
    "to_visit": (timedelta(hours=20), ("task_assign",)),
    "to_examine": (timedelta(days=8), ("task_examine",)),
    "to_post": (timedelta(days=9), ("task_post",)),
    "green": (timedelta(days=10), ()),
    "county_visit": (timedelta(days=28), ()),
    "to_confirm": (timedelta(days=27), ("dibao/task_confirm",)),
    "to_publish": (timedelta(days=33), ("enrolment/task_publish",)),
    "enrolled": (timedelta(days=50), ()),
}

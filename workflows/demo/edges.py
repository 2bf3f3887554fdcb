"""Edge households in every state: waiting for a call, recognised and being checked, with someone invited, declined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from workflows.demo.answers import Answers, checked, delivered, soon
from workflows.demo.citizens import Citizen, citizen, dice
from workflows.demo.dates import OPENING
from workflows.demo.scripts import TODAY, Script


def plan_edges(places: Iterable[str]) -> list[Script]:
    """Return the scripts of families on the monitoring list in the places, one for each state."""
    random = dice("edges")
    return [script for place in places for script in _of_place(random, place)]


def _of_place(random: Random, place: str) -> Iterator[Script]:
    for story, (ago, health, left_lying) in _STORIES.items():
        who = citizen(random, place)
        at = (OPENING - ago).replace(second=0, microsecond=0)
        answers = {**_answers(random, who, story, health), **dict.fromkeys(left_lying, ())}
        yield Script(f"edge_{story}", "edge", who.region, at, "window", _listed(random, who, health), answers)


def _listed(random: Random, who: Citizen, health: str) -> Mapping[str, Any]:
    return {
        "applicant_name": who.name,
        "id_no": who.id_no,
        "phone": who.phone,
        "place": who.place,
        "area": "rural",
        "monitor_id": f"JC{who.region}{random.randrange(1000):03d}",
        "monitor_type": random.choice(("脱贫不稳定户", "边缘易致贫户")),
        "risk": "残" if health == "disabled" else "病",
        "monitored_since": TODAY,
        "household_members": _members(who, health),
    }


def _members(who: Citizen, health: str) -> list[Mapping[str, Any]]:
    disabled = {"disability_kind": "肢体", "disability_grade": "2"} if health == "disabled" else {}
    born = f"{who.id_no[6:10]}-{who.id_no[10:12]}-{who.id_no[12:14]}"
    own = {"member_name": who.name, "member_id_no": who.id_no, "relation": "本人", "birth_date": born}
    return [{**own, "job": "farming", "health": health, "lives_together": True, **disabled}]


def _answers(random: Random, who: Citizen, story: str, health: str) -> Answers:
    agreed = {"consent": True, "household_members": _members(who, health)}
    found = {"facts_result": "moved"} if story == "moved" else {"facts_result": "confirmed", **agreed}
    granted = {"edge_outcome": "grant", "decision_reason": "名单属实,家庭同意"}
    invited = {"invited_how": "visit", "accepts": False, "invite_note": "先看病,暂不申请"}
    return {
        "task_confirm": soon({"confirmed_how": "visit", "facts_note": "已上门核实", **found}, random),
        "task_decide": soon(granted, random),
        "task_invite": soon(invited, random),
        **checked(who.name, random),
        **delivered(who.name, random),
    }


# story -> since when, the head's health, which tasks nobody has done yet
_STORIES: Mapping[str, tuple[timedelta, str, Sequence[str]]] = {
    "to_confirm": (timedelta(hours=20), "chronic", ("task_confirm",)),
    "to_decide": (timedelta(days=3), "chronic", ("task_decide",)),
    "invited": (timedelta(days=6), "disabled", ("task_invite", "check/task_sign")),
    "checked": (timedelta(days=20), "serious_illness", ()),
    "moved": (timedelta(days=9), "chronic", ()),
}

"""What happens to families who draw a benefit: changes reported, reviews, deaths and moves, each in every state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from workflows.demo.answers import Answers, delivered, soon, visited
from workflows.demo.citizens import account, dice, person_name
from workflows.demo.dates import OPENING
from workflows.demo.households import Home, home
from workflows.demo.scripts import Script, in_days

Values = Mapping[str, Any]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Story:
    """What is told of a family: since when, what is filled in, which tasks nobody has done yet."""

    process: str
    ago: timedelta
    family: tuple[str, int, str]
    told: Values
    left_lying: Sequence[str] = field(default=())
    facts: Values = field(default_factory=dict)


def plan_upkeep(places: Iterable[str]) -> list[Script]:
    """Return the scripts of the families with a story, one for each state."""
    random = dice("upkeep")
    return [_script(random, name, story, place) for place in places for name, story in _STORIES.items()]


def homes_with_a_story(place: str) -> Iterator[Home]:
    """Yield the families of the place to whom something happens."""
    return (_home(name, story, place) for name, story in _STORIES.items())


def _home(name: str, story: _Story, place: str) -> Home:
    return home(name, place, *story.family)


def _script(random: Random, name: str, story: _Story, place: str) -> Script:
    family = _home(name, story, place)
    at = (OPENING - story.ago).replace(second=0, microsecond=0)
    answers = {**_answers(random, family, story), **dict.fromkeys(story.left_lying, ())}
    values = {**story.told, "id_no": family.head.id_no}
    if story.told.get("change_kind") == "member_add":
        values |= {"member_name": family.head.name[0] + "小雨", "birth_date": values["happened_on"]}
    return Script(f"{story.process}_{name}", story.process, place, at, "window", values, answers)


def _answers(random: Random, family: Home, story: _Story) -> Answers:
    facts = {**_FACTS, "persons": 1 + len(family.others), **story.facts}
    heir = family.others[0] if family.others else family.head
    chosen = {
        "new_name": heir.name,
        "new_id_no": heir.id_no,
        "new_payee": heir.name,
        "new_account": account(random),
        "new_bank": "农商银行",
    }
    return {
        **visited({"place": family.head.place, "persons": facts["persons"]}, random),
        **delivered(family.head.name, random),
        "change_report/task_verify": soon(_VERIFIED, random),
        "stop/task_confirm": soon({"stop_true": True, "confirm_note": "已查看相关证明，情况属实"}, random),
        "stop/task_stop": soon({"stop_confirmed": True, "stop_note": "证明齐全，次月停发"}, random),
        "holder_change/task_holder": soon(chosen, random),
        "adjustment/task_facts": soon(facts, random),
        "adjustment/task_raise": soon(_RAISED, random),
        "adjustment/task_raise_county": soon(_RAISED, random),
        "hearing/task_intent": soon({"hear_facts": "家庭收入增加", "hear_basis": _BASIS}, random),
        "hearing/task_reply": soon({"hear_reply": "情况属实，没有意见", "hear_reply_way": "phone"}, random),
    }


def _change(kind: str, detail: str, days_ago: int, **more: Any) -> Values:
    known = {"reporter": person_name(dice(detail)), "source": "village_assistant", "happened_on": in_days(-days_ago)}
    return {**known, "change_kind": kind, "detail": detail, **more}


def _left(reason: str, detail: str, days_ago: int, source: str = "village") -> Values:
    return {"stop_reason": reason, "happened_on": in_days(-days_ago), "source": source, "detail": detail}


_BASIS = "最低生活保障审核确认办法第三十一条"
_VERIFIED = {"verify_result": "true", "verify_way": "visit", "verify_note": "入户核实，情况属实"}
_RAISED = {"raise_agreed": True, "raise_basis": "情况属实，按规定核算"}
_FACTS = {
    "per_head_income": 250, "dibao_assets": "ok", "edge_assets": "ok", "work_ability": "partial",
    "stable_income": True, "elders": 0, "minors": 0, "severe": 0, "serious": 0, "facts_note": "入户核实家庭收入",
}  # fmt: skip
_CHILD = {"persons": 3, "minors": 1}
_COUPLE, _ALONE, _FAMILY = ("couple", 440, "B"), ("alone", 420, "A"), ("family", 660, "B")
_STORIES: Mapping[str, _Story] = {
    "birth": _Story(
        "change_report", 20 * _HOUR, _COUPLE, _change("member_add", "生了一个女儿，母女平安", 6, relation="子女"),
        ("change_report/task_verify",),
    ),
    "late": _Story(
        "change_report", 12 * _DAY, _COUPLE, _change("income", "儿子外出务工，家里收入增加", 130),
        ("change_report/task_verify", "task_admonish"),
    ),
    "work": _Story(
        "change_report", 6 * _DAY, _FAMILY, _change("job", "妻子在服装厂找到工作", 20),
        ("adjustment/task_facts",),
    ),
    "raised": _Story(
        "change_report", 26 * _DAY, _COUPLE, _change("member_add", "添了一个儿子", 9, relation="子女"),
        facts=_CHILD,
    ),
    "to_raise": _Story(
        "change_report", 4 * _DAY, _COUPLE, _change("member_add", "双胞胎女儿出生", 8, relation="子女"),
        ("adjustment/task_raise", "adjustment/task_raise_county"), _CHILD,
    ),
    "died": _Story("stop", 18 * _HOUR, _ALONE, _left("death", "村里报告，已办丧事", 2), ("stop/task_confirm",)),
    "to_stop": _Story("stop", 3 * _DAY, _ALONE, _left("death", "殡仪馆火化名单", 5, "funeral"), ("stop/task_stop",)),
    "stopped": _Story("stop", 30 * _DAY, _ALONE, _left("death", "村里报告，已办丧事", 3)),
    "head_died": _Story(
        "stop", 8 * _DAY, _FAMILY, _left("death", "户主病故，妻子和孩子还在", 2), ("adjustment/task_facts",)
    ),
    "prison": _Story(
        "stop", 12 * _DAY, _ALONE, _left("prison", "法院判决后收监", 10, "police"), ("hearing/task_reply",)
    ),
    "reviewed": _Story(
        "dibao_review", 5 * _DAY, _FAMILY, {"review_reason": "群众反映家里有人就业"}, ("task_survey",)
    ),
    "reduced": _Story(
        "dibao_review", 22 * _DAY, _FAMILY, {"review_reason": "儿子毕业，开始工作"},
        ("hearing/task_decide", "hearing/task_decide_county"), {"per_head_income": 400},
    ),
}  # fmt: skip

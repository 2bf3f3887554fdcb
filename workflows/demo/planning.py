"""Which cases the demo shows: 500 emergencies of four months, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from workflows.demo.answers import Answers, general, objected, overdue, paperwork, urgent
from workflows.demo.checks import plan_checks
from workflows.demo.citizens import Citizen, account, citizen, dice
from workflows.demo.dates import BEGINNING, OPENING
from workflows.demo.dibao import plan_dibao
from workflows.demo.edges import plan_edges
from workflows.demo.money import monitored
from workflows.demo.scripts import SILENT, TODAY, Answer, Script
from workflows.demo.timed import SHOWN_PLACES
from workflows.demo.upkeep import plan_upkeep
from workflows.registers import regions

CASES = 500
_STATEMENTS = 8
_CITIZENS, _STAFF = "h5", "window"
_EMERGENCIES = {
    "disaster": ("夜间失火,房屋和粮食烧毁", "暴雨冲毁院墙,房屋进水无法居住"),
    "accident": ("骑车被撞,肇事方逃逸,急需手术费", "工地摔伤,暂时没有生活费"),
    "illness": ("突发心梗,正在抢救,押金不足", "急性阑尾炎,无钱住院"),
    "violence": ("遭家庭暴力连夜离家,没有住处",),
}
_BURDENS = {
    "illness": ("肾透析自付费用高,负债维持", "肿瘤化疗第四个疗程,家庭难以承担"),
    "education": ("两个孩子同时上大学,学费难以凑齐", "孩子考上高职,家中无力缴纳学费"),
    "livelihood": ("丈夫外出务工失联,家中断了收入", "养殖场遭疫病,全家没有收入"),
    "other": ("老人走失后寻回,护理费用难以负担",),
}
_FEW_YUAN = (300, 400, 500, 600)
_SOME_YUAN = (800, 1000, 1200, 1500, 1800, 2000)
_MANY_YUAN = (1500, 2000, 2400, 3000, 4000)

Need = dict[str, Any]
Build = Callable[[Need, Random], Answers]


def plan_demo_cases(seed: int = 2026, cases: int = CASES) -> list[Script]:
    """Return the scripts in the order in which the cases begin."""
    random = dice(seed)
    known = [one for one, _ in monitored()]
    desks = _on_the_desks(random)[:cases]
    scripts = [*desks, *(_case(random, known) for _ in range(cases - len(desks)))]
    beside = [
        *_reconciliations(random),
        *plan_checks(SHOWN_PLACES),
        *plan_edges(SHOWN_PLACES),
        *plan_dibao(SHOWN_PLACES),
        *plan_upkeep(SHOWN_PLACES),
    ]
    return sorted([*scripts, *beside], key=lambda script: script.at)


def _case(random: Random, known: list[Citizen]) -> Script:
    story = random.choices(list(_STORIES), weights=[weight for weight, *_ in _STORIES.values()])[0]
    _, channel, asks, build = _STORIES[story]
    place = random.choice(_PLACES)
    who = random.choice(known) if random.random() < 0.04 else citizen(random, place)
    need = asks(random, who)
    script = Script(
        story, "relief", who.region, _moment(random, channel), channel, _application(need), build(need, random)
    )
    if story == "wrong_account":
        script = replace(script, bank=("ACCOUNT_INVALID",))
    return _left_lying(script, random)


def _on_the_desks(random: Random) -> list[Script]:
    """Return cases that wait, this morning, on the desks of the people whose logins the demo shows."""
    waiting = [_waiting(random, place, *desk) for place in SHOWN_PLACES for desk in _ON_A_DESK]
    return [*waiting, _waiting(random, _OVERDUE_PLACE, *_OVERDUE)]


def _waiting(random: Random, place: str, story: str, ago: timedelta, tasks: tuple[str, ...]) -> Script:
    _, channel, asks, build = _STORIES[story]
    who = citizen(random, place)
    need = {**asks(random, who), "way": "transfer"}
    answers = {**build(need, random), **dict.fromkeys(tasks, ())}
    moment = (OPENING - ago).replace(second=0, microsecond=0)
    bank = _NO_ANSWER if story == "bank_silent" else ()
    return Script(story, "relief", who.region, moment, channel, _application(need), answers, bank)


def _left_lying(script: Script, random: Random) -> Script:
    """Return the script, now and then with a task that nobody attends to."""
    waiting = [task for task, answers in script.answers.items() if answers]
    if random.random() > 0.07 or not waiting:
        return script
    return replace(script, answers={**script.answers, random.choice(waiting): ()})


def _moment(random: Random, channel: str) -> datetime:
    """Return a start between beginning and opening, more of them lately; staff record at office hours."""
    ago: float = random.random() ** 1.6
    moment = OPENING - (OPENING - BEGINNING) * ago
    if channel == _STAFF:
        moment = min(moment.replace(hour=random.randrange(8, 18)), OPENING - timedelta(minutes=random.randrange(5, 90)))
    return max(BEGINNING, moment.replace(second=0, microsecond=0))


def _urgent_need(random: Random, who: Citizen) -> Need:
    return _need(random, who, _EMERGENCIES, random.choice((_FEW_YUAN, _SOME_YUAN)), danger=True)


def _burden(random: Random, who: Citizen) -> Need:
    return _need(random, who, _BURDENS, _MANY_YUAN, danger=False)


def _long_burden(random: Random, who: Citizen) -> Need:
    return {**_burden(random, who), "long_difficulty": True, "requested": random.choice((2400, 3000, 3600))}


def _great_burden(random: Random, who: Citizen) -> Need:
    return {**_burden(random, who), "cause": "illness", "requested": random.choice((9000, 12_000, 15_000))}


def _need(
    random: Random, who: Citizen, causes: Mapping[str, tuple[str, ...]], amounts: tuple[int, ...], *, danger: bool
) -> Need:
    cause = random.choice(list(causes))
    return {
        "applicant_name": who.name,
        "id_no": who.id_no,
        "phone": who.phone,
        "place": who.place,
        "cause": cause,
        "situation": random.choice(causes[cause]),
        "danger_now": danger,
        "long_difficulty": False,
        "persons": random.randrange(2, 6),
        "group": random.choices(("其他", "低保", "低保边缘", "突发严重困难户"), weights=(6, 2, 1, 1))[0],
        "requested": random.choice(amounts),
        "way": random.choices(("transfer", "cash", "goods", "referral"), weights=(14, 3, 2, 1))[0],
        "payee_name": who.name,
        "bank_account": who.bank_account,
    }


def _application(need: Need) -> Need:
    return {**need, "event_date": TODAY, "consent_data": True, "promise_true": True}


def _sorted_later(need: Need, random: Random) -> Answers:
    paper = Answer(paperwork("sort"), timedelta(days=random.uniform(0.5, 3)))
    return {**urgent(need, random), "task_paperwork": [paper]}


def _late(decision: str) -> Build:
    def build(need: Need, random: Random) -> Answers:
        return {**urgent(need, random), **overdue(decision, random)}

    return build


def _late_twice(need: Need, random: Random) -> Answers:
    first, second = overdue("extend", random), overdue("accept", random)
    return {**urgent(need, random), **first, "task_overdue": [*first["task_overdue"], *second["task_overdue"]]}


def _wrong_account(need: Need, random: Random) -> Answers:
    need.update(way="transfer", bank_account=account(random, "0000"))
    return urgent(need, random)


def _refused(need: Need, random: Random) -> Answers:
    return general(need, random, opinion="refuse")


def _staged(need: Need, random: Random) -> Answers:
    return general(need, random, track="T4")


def _conference(need: Need, random: Random) -> Answers:
    return general(need, random, track="T5")


def _objection(need: Need, random: Random) -> Answers:
    answers = {name: [*given, *given] for name, given in general(need, random).items()}
    return {**answers, "task_objection": [Answer(objected("申请人名下另有经营收入"), timedelta(hours=6))]}


# story -> weight, channel, what is asked, what is answered
_STORIES: Mapping[str, tuple[int, str, Callable[[Random, Citizen], Need], Build]] = {
    "helped_first": (26, _STAFF, _urgent_need, urgent),
    "citizen_in_danger": (12, _CITIZENS, _urgent_need, urgent),
    "helped_and_sorted": (6, _STAFF, _urgent_need, _sorted_later),
    "paperwork_late_accepted": (3, _STAFF, _urgent_need, _late("accept")),
    "paperwork_late_extended": (2, _STAFF, _urgent_need, _late_twice),
    "facts_false": (2, _STAFF, _urgent_need, _late("false")),
    "wrong_account": (2, _STAFF, _urgent_need, _wrong_account),
    "bank_silent": (0, _STAFF, _urgent_need, urgent),
    "survey_and_publicity": (20, _CITIZENS, _burden, general),
    "survey_by_staff": (12, _STAFF, _burden, general),
    "refused": (5, _CITIZENS, _burden, _refused),
    "objection": (3, _STAFF, _burden, _objection),
    "staged": (4, _STAFF, _long_burden, _staged),
    "conference": (3, _STAFF, _great_burden, _conference),
}


_NO_ANSWER = (SILENT,)
# An overdue township may not help first: it stands beside the shown ones, whose approvers are to have work.
_OVERDUE_PLACE = "410702101"
_OVERDUE = ("helped_first", timedelta(days=12), ("task_paperwork", "task_overdue"))
# What waits: the story, since when, and the tasks nobody has done yet.
_ON_A_DESK: tuple[tuple[str, timedelta, tuple[str, ...]], ...] = (
    ("citizen_in_danger", timedelta(minutes=12), ("task_duty",)),
    ("helped_first", timedelta(hours=1), ("task_approve", "task_county_approve")),
    ("helped_first", timedelta(days=1, hours=2), ("task_paperwork",)),
    ("helped_first", timedelta(days=5), ("task_paperwork",)),
    ("bank_silent", timedelta(days=1, hours=4), ()),
    ("survey_and_publicity", timedelta(hours=20), ("task_intake",)),
    ("survey_by_staff", timedelta(days=3), ("task_assign", "task_survey")),
    ("survey_by_staff", timedelta(days=9), ("task_opinion",)),
    ("survey_by_staff", timedelta(days=20), ("task_decide", "task_county_decide")),
    ("facts_false", timedelta(days=45), ("recovery/task_propose",)),
    ("facts_false", timedelta(days=32), ()),
)


def _reconciliations(random: Random) -> Iterator[Script]:
    """Yield the last month's statements of some townships, still to be signed."""
    for place in random.sample(_PLACES[:60], _STATEMENTS):
        at = OPENING - timedelta(days=random.randrange(1, 9), minutes=random.randrange(240))
        yield Script("reconciliation", "reserve_reconciliation", place, at, _STAFF, {"month": "2026-08"}, {})


def _weighted_places() -> list[str]:
    """Return townships so that the first of each county are chosen more often."""
    found: list[str] = []
    for unit in regions.counties():
        inside = [one.code for one in regions.townships(unit.code)]
        found += inside + inside[:4] * 2
    return found


_PLACES = _weighted_places()

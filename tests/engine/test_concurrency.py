"""Two clerks, one task: one success, and everybody else is told who was first."""

from __future__ import annotations

import pytest

from engine.commands.claim_task import claim_task
from engine.commands.complete_task import complete_task
from engine.commands.save_draft import save_draft
from engine.errors import Conflict, Rejected
from engine.jobs.run import run_due
from engine.queries.case import case_page
from engine.testing.crowd import at_once
from engine.testing.places import HILL

CROWD = 20


@pytest.fixture
def crowd(staff):
    return [staff.person("clerk", HILL, number) for number in range(CROWD)]


@pytest.fixture
def task(desk, crowd):
    case = desk.start(crowd[0], "approval", HILL, sender_name="王芳", phone="13800000001", amount="5")
    return desk.task(case.key, "record")


def test_twenty_people_complete_one_task_and_nineteen_are_told_who_and_when(desk, crowd, task):
    def complete(number: int) -> object:
        return desk.do(complete_task, crowd[number], task=task.key, revision=1, values={"weight": str(number)})

    answers = at_once(CROWD, complete)
    losers = [answer for answer in answers if isinstance(answer, Conflict)]
    winner = next(number for number, answer in enumerate(answers) if not isinstance(answer, Rejected))
    assert len(losers) == CROWD - 1
    assert all(crowd[winner].name in lost.message.zh and "2026-09-23 09:00" in lost.message.zh for lost in losers)
    page = desk.ask(case_page, crowd[0], task.case)
    done = [row for row in page.history if row.element == "record"]
    assert [(row.who, row.values["weight"]) for row in done] == [(crowd[winner].name, winner)]
    assert [row.element for row in desk.tasks(task.case)] == ["decide"]


def test_twenty_people_claim_one_task_and_one_holds_it(desk, crowd, task):
    answers = at_once(CROWD, lambda number: desk.do(claim_task, crowd[number], task=task.key))
    winners = [number for number, answer in enumerate(answers) if not isinstance(answer, Rejected)]
    assert len(winners) == 1
    assert desk.task(task.case, "record").assignee == crowd[winners[0]].person
    assert all(crowd[winners[0]].name in str(lost.message.zh) for lost in answers if isinstance(lost, Conflict))


def test_one_person_who_sends_twenty_times_has_one_effect_and_no_error(desk, crowd, task):
    def complete(_: int) -> object:
        return desk.do(
            complete_task, crowd[0], task=task.key, revision=1, values={"weight": "3"}, idempotency_key="same"
        )

    answers = at_once(CROWD, complete)
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * (CROWD - 1)


def test_drafts_saved_while_the_task_is_completed_leave_none_behind(desk, crowd, task):
    def act(number: int) -> object:
        if number == 0:
            return desk.do(complete_task, crowd[0], task=task.key, revision=1, values={"weight": "3"})
        return desk.do(save_draft, crowd[number], task=task.key, values={"weight": str(number)})

    answers = at_once(8, act)
    assert not isinstance(answers[0], Rejected)


def test_cases_of_different_people_do_not_disturb_each_other(desk, crowd):
    def walk(number: int) -> object:
        case = desk.start(crowd[number], "approval", HILL, sender_name="王芳", phone="13800000001", amount="5")
        desk.complete(crowd[number], case.key, "record", {"weight": "3"})
        return case.number

    numbers = at_once(8, walk)
    assert sorted(numbers) == [f"{HILL}-26-{number:05d}" for number in range(1, 9)]


def test_two_schedulers_fire_each_timer_once(runtime, desk, crowd, staff, clock):
    cases = []
    for _ in range(6):
        case = desk.start(crowd[0], "approval", HILL, sender_name="王芳", phone="13800000001", amount="5")
        desk.complete(crowd[0], case.key, "record", {"weight": "3"})
        cases.append(case.key)
    clock.set(clock.now().replace(month=10, day=12))
    ran = at_once(4, lambda _: run_due(runtime))
    assert sum(ran) == 12
    for case in cases:
        assert sorted(row.element for row in desk.tasks(case)) == ["hurry", "takeover"]

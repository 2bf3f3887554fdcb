"""Parallel multi-instance through the real commands: each iteration is a row of its own, opened when it is needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI
from engine.commands.cancel_case import cancel_case
from engine.commands.complete_task import complete_task
from engine.commands.enter_calendar import enter_calendar
from engine.runtime.opening import open_case
from engine.store import cases
from engine.store import tables as t
from engine.store.counting import counting
from engine.testing.places import HILL


@pytest.fixture
def clerk(staff):
    return staff.person("clerk", HILL)


def census(desk, clerk, houses, enough=None):
    return desk.start(clerk, "census", HILL, place="山前", houses=str(houses), enough=str(enough or houses)).key


def items(desk, case):
    return [row.item for row in desk.tasks(case)]


def complete(desk, actor, case, number=0, **values):
    row = desk.tasks(case)[number]
    return desk.do(complete_task, actor, task=row.key, revision=row.revision, values=values)


def variable(runtime, case, name):
    with runtime.write() as transaction:
        locked = cases.lock(transaction, case)
        return open_case(runtime, transaction, locked.row, locked.state).run.view().get(name)


def kept(runtime, case):
    """How many iterations have rows, and how many of their tokens can be found by key."""
    with runtime.read() as transaction:
        rows = [
            transaction.execute(sa.select(sa.func.count()).where(table.c.case == case)).scalar_one()
            for table in (t.iteration, t.iteration_token)
        ]
    return tuple(rows)


def test_each_item_is_open_at_once_and_the_results_keep_the_order_of_the_items(runtime, desk, clerk):
    case = census(desk, clerk, 5)
    assert items(desk, case) == ["第1户", "第2户", "第3户", "第4户", "第5户"]
    for number, persons in ((4, 5), (0, 1), (2, 4), (0, 2), (0, 3)):
        complete(desk, clerk, case, number, persons=str(persons))
    assert variable(runtime, case, "counts") == [1, 2, 3, 4, 5]
    assert [row.element for row in desk.tasks(case)] == ["visit"] * 5


def test_a_completion_condition_cancels_the_rest(runtime, desk, clerk):
    case = census(desk, clerk, 450, enough=2)
    assert kept(runtime, case) == (450, 0)
    complete(desk, clerk, case, 449, persons="9")
    complete(desk, clerk, case, 3, persons="4")
    assert variable(runtime, case, "counts") == [None] * 3 + [4] + [None] * 445 + [9]
    assert {row.element for row in desk.tasks(case)} == {"visit"}


def test_a_boundary_event_cancels_every_item(runtime, desk, clerk, clock):
    case = census(desk, clerk, 4)
    complete(desk, clerk, case, 1, persons="2")
    clock.advance(timedelta(days=31))
    assert desk.run_due() == 1
    assert [row.element for row in desk.tasks(case)] == ["report"]
    assert kept(runtime, case) == (0, 0)
    assert variable(runtime, case, "counts") is None


def test_inside_an_item_every_token_is_found_by_its_key(runtime, desk, clerk, staff, clock):
    supervisor = staff.person("supervisor", HILL)
    case = census(desk, clerk, 3, enough=1)
    complete(desk, clerk, case, persons="1")
    assert kept(runtime, case) == (3, 6)
    complete(desk, clerk, case, 1, remark="在家")
    clock.advance(timedelta(days=16))
    assert desk.run_due() == 2
    assert sorted((row.item, row.element) for row in desk.tasks(case)) == [
        ("第1户", "remind"), ("第1户", "visit"), ("第2户", "confirm"), ("第3户", "remind"), ("第3户", "visit"),
    ]  # fmt: skip
    for element in ("remind", "confirm", "remind"):
        desk.complete(supervisor, case, element)
    assert kept(runtime, case) == (2, 2)
    for _ in range(2):
        desk.complete(clerk, case, "visit", {"remark": "在家"})
        desk.complete(supervisor, case, "confirm")
    assert desk.tasks(case) == []
    with runtime.read() as transaction:
        assert cases.find(transaction, case).end_name == "已清点"


def test_an_error_climbs_out_of_its_item_and_ends_the_others(runtime, desk, clerk):
    case = census(desk, clerk, 3, enough=1)
    complete(desk, clerk, case, persons="1")
    complete(desk, clerk, case, 2, remark="拒")
    assert [row.element for row in desk.tasks(case)] == ["report"]
    assert kept(runtime, case) == (0, 0)


def test_cancelling_the_case_leaves_no_item(runtime, desk, clerk, staff):
    case = census(desk, clerk, 250)
    desk.do(cancel_case, staff.person("operations"), case=case, reason="重复")
    assert kept(runtime, case) == (0, 0)
    assert desk.tasks(case) == []


def test_an_item_costs_the_same_among_three_and_among_three_hundred(runtime, desk, clerk, monkeypatch):
    # Once a second one statement more looks for what is in force; a slow machine would count it for one case alone.
    monkeypatch.setattr("engine.runtime.runtime._LOOK_AGAIN_SECONDS", 3600.0)
    few, many = census(desk, clerk, 3), census(desk, clerk, 300)
    counter = counting(runtime.database)
    spent = []
    for case in (few, many):
        row = desk.tasks(case)[1]
        counter.take()
        desk.do(complete_task, clerk, task=row.key, revision=row.revision, values={"persons": "3"})
        spent.append(counter.take().statements)
    assert spent[0] == spent[1] <= 10


def test_a_new_day_off_moves_the_timer_inside_each_item(runtime, desk, clerk, staff, clock):
    case = census(desk, clerk, 3, enough=1)
    complete(desk, clerk, case, persons="1")
    off_days = [date(2026, 9, 24), date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))]
    entered = desk.do(
        enter_calendar, staff.person("admin"), year=2026, off_days=off_days, makeup_workdays=[], source="通知"
    )
    assert entered.recomputed == 3
    clock.set(datetime(2026, 10, 10, 1, tzinfo=SHANGHAI))
    assert desk.run_due() == 3
    assert [row.element for row in desk.tasks(case)].count("remind") == 3

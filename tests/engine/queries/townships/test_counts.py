"""Counts, pages and searches agree with what they lead to."""

from __future__ import annotations

import pytest

from engine.commands.claim_task import claim_task
from engine.queries.cases import cases
from engine.queries.heatmap import heatmap
from engine.queries.incidents import incidents
from engine.queries.stuck import stuck
from engine.queries.worklist import worklist
from engine.testing.places import HILL, LAKE, NORTH, PORT


@pytest.mark.parametrize("region", [None, "4107", NORTH, HILL])
def test_every_figure_of_the_heatmap_opens_exactly_as_many_cases(desk, staff, branches, region):
    clerk = staff.person("clerk", HILL)
    for route in ("甲", "乙"):
        desk.start(clerk, "tour", HILL, route=route)
    manager = staff.person("manager")
    for process in ("approval", "tour"):
        heat = desk.ask(heatmap, manager, process=process, region=region)
        assert heat.elements
        for step in heat.elements:
            opened = desk.ask(cases, manager, process=step.process, element=step.element, region=region, status="open")
            assert opened.total == step.open == len(opened.rows), step
        for place in heat.regions:
            found = desk.ask(cases, manager, process=process, region=place.region, status="open")
            assert found.total == place.open
        assert heat.open == sum(place.open for place in heat.regions)


def test_overdue_means_the_same_everywhere(desk, staff, branches, clock):
    manager, supervisor = staff.person("manager"), staff.person("supervisor", HILL)
    assert desk.ask(heatmap, manager, process="approval").overdue == 0
    clock.set(clock.now().replace(month=10, day=20))
    heat = desk.ask(heatmap, manager, process="approval")
    assert heat.overdue == sum(place.overdue for place in heat.regions) == 3
    assert [step.overdue for step in heat.elements if step.element == "decide"] == [3]
    assert desk.ask(stuck, manager, overdue=True).total == 3
    row = desk.ask(worklist, supervisor, overdue=True).rows[0]
    assert row.due.overdue_days == (clock.now() - row.due.at).days + 1


def test_incidents_are_paged_too(desk, staff, branches):
    operations = staff.person("operations")
    first = desk.ask(incidents, operations, limit=2)
    second = desk.ask(incidents, operations, limit=2, after=first.next)
    assert (len(first.rows), len(second.rows), second.next, first.total) == (2, 1, None, 3)
    assert not {row.key for row in first.rows} & {row.key for row in second.rows}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (f"{HILL}-26-00001", {HILL}),
        ("to_decide-1", {LAKE}),
        ("13800000002", {PORT}),
        (" 1380000 0002 ", {PORT}),
        ("410721199003070010", {HILL, LAKE, PORT}),
        ("4107", set()),
        ("to_decide", set()),
        ("%", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_cases_are_found_by_number_name_phone_and_identity_number(desk, staff, branches, question, found):
    manager = staff.person("manager")
    assert {row.region for row in desk.ask(cases, manager, q=question).rows} == found
    everything = desk.ask(worklist, manager, show="all", q=question)
    assert {row.region for row in everything.rows} == found


def test_a_search_never_leaves_ones_region(desk, staff, branches):
    clerk = staff.person("clerk", HILL)
    for question in ("13800000002", f"{PORT}-26-00001", "to_decide-2"):
        assert desk.ask(cases, clerk, q=question).rows == ()


def test_lists_filter_by_status_and_process_and_by_what_i_have_done(desk, staff, branches):
    manager, supervisor = staff.person("manager"), staff.person("supervisor", HILL)
    counts = {status: desk.ask(cases, manager, status=status).total for status in ("open", "ended", "cancelled")}
    assert counts == {"open": 6, "ended": 3, "cancelled": 0}
    assert desk.ask(cases, manager, process="tour").total == 0
    assert {row.key for row in desk.ask(cases, supervisor, handled_by_me=True).rows} == {
        branches[HILL].refused,
        branches[HILL].failed,
    }


def test_mine_is_what_i_claimed(desk, staff, branches):
    supervisor, deputy = staff.person("supervisor", HILL), staff.person("supervisor", HILL, 2)
    task = desk.task(branches[HILL].to_decide, "decide").key
    assert desk.ask(worklist, supervisor, show="mine").total == 0
    desk.do(claim_task, supervisor, task=task)
    assert [row.task for row in desk.ask(worklist, supervisor, show="mine").rows] == [task]
    assert desk.ask(worklist, deputy, show="mine").total == 0


def test_who_can_free_a_stuck_case_is_named(desk, staff, branches):
    deputy = staff.person("supervisor", HILL, 2)
    rows = desk.ask(stuck, staff.person("manager"), region=HILL).rows
    assert [(row.name, set(row.can_free)) for row in rows] == [
        ("审批", {staff.person("supervisor", HILL).name, deputy.name})
    ]

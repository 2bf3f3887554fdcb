"""Lists in order, page by page."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.deploy import deploy
from engine.commands.publish_contents import publish_contents
from engine.errors import Invalid
from engine.model import SYSTEM
from engine.queries.cases import cases
from engine.queries.heatmap import heatmap
from engine.queries.incidents import incidents
from engine.queries.stuck import stuck
from engine.queries.worklist import worklist
from engine.runtime.published import ROLES
from engine.testing.places import HILL


def test_a_step_of_a_called_process_counts_alike_whoever_calls_it(desk, staff, kit):
    clerk, manager = staff.person("clerk", HILL), staff.person("manager")
    desk.start(clerk, "tour", HILL, route="甲")
    heat = desk.ask(heatmap, manager, process="tour")
    assert {(step.process, step.element, step.open) for step in heat.elements} == {
        ("tour", "visit", 1),
        ("inspection", "look", 1),
    }


def test_the_worklist_puts_first_what_is_due_first(desk, staff, clock):
    clerk = staff.person("clerk", HILL)
    desk.start(clerk, "season", HILL, goods="late")
    for number in range(3):
        case = desk.start(clerk, "approval", HILL, sender_name=f"寄{number}", phone="13800000001", amount="5")
        desk.complete(clerk, case.key, "record", {"weight": "3"})
        clock.advance(timedelta(days=1))
    rows = desk.ask(worklist, staff.person("supervisor", HILL), show="all").rows
    dues = [row.due.at for row in rows]
    assert dues == sorted(dues)
    assert rows[-1].process == "season"


@pytest.mark.parametrize("size", [1, 3, 4, 7, 50])
def test_pages_follow_each_other_without_gap_or_repetition(desk, staff, clock, size):
    clerk, manager = staff.person("clerk", HILL), staff.person("manager")
    for number in range(7):
        desk.start(clerk, "season" if number % 3 else "tour", HILL, **{"goods" if number % 3 else "route": str(number)})
    for question, more in ((cases, {}), (worklist, {"show": "all"}), (stuck, {})):
        whole = [_key(row) for row in desk.ask(question, manager, limit=100, **more).rows]
        seen, mark = [], None
        while True:
            page = desk.ask(question, manager, limit=size, after=mark, **more)
            assert page.total == len(whole)
            seen += [_key(row) for row in page.rows]
            mark = page.next
            if mark is None:
                break
            assert len(page.rows) == size
        assert seen == whole


def _key(row) -> int:
    return getattr(row, "task", None) or row.key


@pytest.mark.parametrize("mark", ["nonsense", "AAAA", "%%%", "中文", "lM0B"])
def test_a_page_mark_nobody_wrote_is_refused(desk, staff, mark):
    for question in (cases, worklist, incidents, stuck):
        with pytest.raises(Invalid):
            desk.ask(question, staff.person("manager"), after=mark)


def test_a_step_called_by_two_processes_is_counted_for_each_alone(desk, staff, kit):
    tour = kit.library.folders["tour"]
    survey = {"survey.bpmn": tour["tour.bpmn"].replace(b'process id="tour"', b'process id="survey"')}
    survey |= {name: data for name, data in tour.items() if name.endswith(".form")}
    roles = (kit.folder / "roles.yaml").read_bytes().replace(b"[approval, tour,", b"[approval, tour, survey,")
    desk.do(publish_contents, SYSTEM, contents={(ROLES, "roles"): roles})
    desk.do(deploy, SYSTEM, bundle=kit.library.with_folder("survey", survey).bundle("survey"))
    clerk, manager = staff.person("clerk", HILL), staff.person("manager")
    for process in ("tour", "survey", "survey"):
        desk.start(clerk, process, HILL, route="甲")
    for process, count in (("tour", 1), ("survey", 2)):
        steps = {step.element: step.open for step in desk.ask(heatmap, manager, process=process).elements}
        assert steps["look"] == count
        assert desk.ask(cases, manager, process="inspection", element="look", of=process).total == count
    assert desk.ask(cases, manager, process="inspection", element="look").total == 3


def test_the_lists_of_a_place_read_no_table_from_end_to_end(desk, staff, runtime):
    """However much work there is elsewhere, or was: SQLite's plans tell, PostgreSQL decides by what it has counted."""
    if not runtime.database.sqlite:
        pytest.skip("SQLite's plans")
    clerk, supervisor = staff.person("clerk", HILL), staff.person("supervisor", HILL)
    desk.start(clerk, "season", HILL, goods="茶叶")
    with _plans(runtime) as plans:
        assert [desk.ask(worklist, clerk, show=show).total for show in ("mine", "roles", "all")] == [0, 1, 1]
        assert [desk.ask(stuck, supervisor, overdue=late).total for late in (True, False)] == [0, 1]
        assert desk.ask(heatmap, supervisor, process="season").open == 1
    assert len(plans) > 10
    whole = [line for line in plans if re.match(r"SCAN (\w+_task|case_instance|definition|activity)\b", line)]
    assert whole == []


@contextmanager
def _plans(runtime):
    """Yield the list to which each step of the plan of every statement of the block is added."""
    engine, steps = runtime.database.engine, []

    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            planned = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(row[-1] for row in planned)

    sa.event.listen(engine, "after_cursor_execute", explain)
    try:
        yield steps
    finally:
        sa.event.remove(engine, "after_cursor_execute", explain)

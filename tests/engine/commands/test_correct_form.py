import pytest

from engine.commands.correct_form import correct_form
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.case import case_page, visible_case
from engine.queries.trail import trail
from engine.testing.places import HILL, LAKE


@pytest.fixture
def recorded(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    return case, task.key


def _values(office, case):
    page = office.desk.ask(case_page, office.clerk, case.key)
    return next(row for row in page.history if row.element == "record")


def test_who_completed_a_form_corrects_it_with_a_reason(office, recorded):
    case, task = recorded
    office.desk.do(correct_form, office.clerk, task=task, values={"weight": "4"}, reason="看错了秤")
    row = _values(office, case)
    assert row.values["weight"] == 4
    assert row.who == office.clerk.name
    assert office.clerk.name in row.note
    assert "看错了秤" in row.note
    with office.desk.runtime.read() as transaction:
        assert visible_case(office.desk.runtime, transaction, office.clerk, case.key).run.view(None)["weight"] == 4
    assert office.desk.ask(trail, office.clerk, case.key)[-1].action == "correct_form"


def test_a_corrector_of_the_place_may_and_nobody_else(office, recorded, staff):
    _, task = recorded
    office.desk.do(correct_form, office.supervisor, task=task, values={"weight": "4"}, reason="核实")
    with pytest.raises(Forbidden):
        office.desk.do(correct_form, office.other_clerk, task=task, values={"weight": "5"}, reason="x")
    with pytest.raises(NotFound):
        office.desk.do(correct_form, staff.person("supervisor", LAKE), task=task, values={"weight": "5"}, reason="x")


def test_a_correction_needs_a_reason_and_a_complete_form(office, recorded):
    case, task = recorded
    with pytest.raises(Invalid) as no_reason:
        office.desk.do(correct_form, office.clerk, task=task, values={"weight": "4"}, reason="  ")
    assert no_reason.value.fields.keys() == {"reason"}
    with pytest.raises(Invalid) as wrong:
        office.desk.do(correct_form, office.clerk, task=task, values={"weight": "-4"}, reason="x")
    assert wrong.value.fields.keys() == {"weight"}
    assert _values(office, case).values["weight"] == 3


def test_a_second_correction_keeps_the_first_answer_out_of_sight_but_in_the_audit(office, recorded):
    case, task = recorded
    for weight in ("4", "5"):
        office.desk.do(correct_form, office.clerk, task=task, values={"weight": weight}, reason=f"改为{weight}")
    assert _values(office, case).values["weight"] == 5
    assert [row.action for row in office.desk.ask(trail, office.clerk, case.key)].count("correct_form") == 2


def test_open_tasks_and_ended_cases_are_not_corrected(office, recorded):
    case, task = recorded
    open_task = office.desk.task(case.key, "decide").key
    with pytest.raises(Conflict):
        office.desk.do(correct_form, office.supervisor, task=open_task, values={"verdict": "no"}, reason="x")
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "no"})
    with pytest.raises(Conflict):
        office.desk.do(correct_form, office.clerk, task=task, values={"weight": "4"}, reason="x")


def test_correcting_one_item_leaves_the_others(office):
    case = office.desk.start(office.clerk, "tour", HILL, route="甲线")
    first = office.desk.task(case.key, "visit").key
    for seen in ("1", "2"):
        office.desk.complete(office.clerk, case.key, "visit", {"seen": seen})
    office.desk.do(correct_form, office.clerk, task=first, values={"seen": "9"}, reason="漏数")
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert [row.values["seen"] for row in page.history if row.element == "visit" and row.values] == [9, 2]
    office.desk.complete(office.clerk, case.key, "visit", {"seen": "3"})

from datetime import timedelta

import pytest

from engine.commands.cancel_case import cancel_case
from engine.commands.correlate_message import correlate_message, deliver_to_case
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model import SYSTEM
from engine.queries.case import case_page
from engine.queries.trail import trail
from engine.testing.places import HILL, LAKE


@pytest.fixture
def waiting(office):
    return [office.desk.start(office.clerk, "waiting", HILL, order_no=number) for number in ("A1", "A2", "A2")]


def _send(office, key: str, name: str = "receipt", values=None):
    return office.desk.do(correlate_message, SYSTEM, name=name, key=key, values=values or {})


def test_a_message_reaches_the_one_case_with_its_key(office, waiting):
    assert _send(office, "A1", values={"stamp": "ok"}) == waiting[0].key
    assert [row.element for row in office.desk.tasks(waiting[0].key)] == ["file_receipt"]
    assert office.desk.tasks(waiting[1].key) == []


def test_of_two_cases_with_one_key_each_message_wakes_the_one_that_waits_longest(office, waiting):
    assert [_send(office, "A2") for _ in range(3)] == [waiting[1].key, waiting[2].key, None]


def test_a_message_nobody_waits_for_changes_nothing(office, waiting):
    assert _send(office, "B9") is None
    assert _send(office, "A1", name="unknown") is None
    assert [office.desk.tasks(case.key) for case in waiting] == [[], [], []]


def test_a_message_ends_the_wait_for_time(office, waiting, clock):
    _send(office, "A1")
    clock.advance(timedelta(days=31))
    assert office.desk.run_due() == 2
    assert office.desk.ask(case_page, office.clerk, waiting[0].key).summary.status == "open"
    assert office.desk.ask(case_page, office.clerk, waiting[1].key).summary.end_name == "无回执"
    assert _send(office, "A2") is None


def test_a_message_to_a_case_interrupts_what_it_stands_on(office, waiting):
    _send(office, "A1")
    case = waiting[0]
    assert office.desk.do(deliver_to_case, SYSTEM, case=case.key, name="withdrawal", values={})
    assert office.desk.ask(case_page, office.clerk, case.key).summary.end_name == "已撤回"
    assert not office.desk.do(deliver_to_case, SYSTEM, case=case.key, name="withdrawal", values={})


def test_cancelling_ends_everything_a_case_waits_for(office, clock, waiting):
    sending = office.recorded()
    for case in (office.approval(), office.recorded(), sending, *waiting):
        office.desk.do(cancel_case, office.operations, case=case.key, reason="重复立案")
        page = office.desk.ask(case_page, office.clerk, case.key)
        assert (page.summary.status, page.open_tasks, page.timers) == ("cancelled", (), ())
        assert office.desk.ask(trail, office.clerk, case.key)[-1].action == "cancel_case"
    clock.advance(timedelta(days=90))
    assert office.desk.run_due() == 0
    assert _send(office, "A1") is None


def test_cancelling_needs_operations_a_reason_and_an_open_case(office, staff):
    case = office.approval().key
    with pytest.raises(Invalid):
        office.desk.do(cancel_case, office.operations, case=case, reason=" ")
    with pytest.raises(Forbidden):
        office.desk.do(cancel_case, office.supervisor, case=case, reason="x")
    for stranger in (office.clerk, staff.person("supervisor", LAKE)):
        with pytest.raises(NotFound):
            office.desk.do(cancel_case, stranger, case=case, reason="x")
    office.desk.do(cancel_case, office.operations, case=case, reason="x")
    with pytest.raises(Conflict):
        office.desk.do(cancel_case, office.operations, case=case, reason="x")


def test_cancelling_a_case_with_an_incident_resolves_it(office, clock):
    case = office.desk.start(office.clerk, "fragile", HILL, load="5")
    office.desk.complete(office.clerk, case.key, "enter", {"load": "13"})
    clock.advance(timedelta(hours=1))
    office.desk.run_due()
    office.desk.do(cancel_case, office.operations, case=case.key, reason="退货")
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert [row.resolved_at is not None for row in page.incidents] == [True]

"""A suspended case is seen, explained and untouched; when it goes on, it catches up in order."""

from datetime import timedelta

import pytest

from engine.commands.activate_jobs import activate_jobs
from engine.commands.complete_job import complete_job
from engine.commands.complete_task import complete_task
from engine.commands.correlate_message import correlate_message, deliver_to_case
from engine.commands.publish_message import publish_message
from engine.commands.recompute_timers import recompute_timers
from engine.commands.resolve_incident import resolve_incident
from engine.commands.resume_case import resume_case
from engine.commands.resume_process import resume_process
from engine.commands.save_draft import save_draft
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.suspend_case import suspend_case
from engine.commands.suspend_process import suspend_process
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model import SYSTEM
from engine.queries.case import case_page
from engine.queries.cases import cases
from engine.queries.incidents import incidents
from engine.queries.trail import trail
from engine.queries.waiting import pending_services
from engine.queries.worklist import worklist
from engine.store import jobs, lane
from engine.testing.places import HILL, LAKE, NORTH


def _suspend(office, case, reason: str = "核查中"):
    office.desk.do(suspend_case, office.operations, case=case.key, reason=reason)


def _resume(office, case):
    office.desk.do(resume_case, office.operations, case=case.key, reason="核查完毕")


def test_a_task_of_a_suspended_case_is_seen_but_not_completed_and_the_reason_is_told(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    _suspend(office, case)
    rows = office.desk.ask(worklist, office.clerk).rows
    assert [(row.task, row.suspended) for row in rows] == [(task.key, True)]
    with pytest.raises(Conflict) as told:
        office.desk.do(complete_task, office.clerk, task=task.key, revision=task.revision, values={"weight": "3"})
    assert office.operations.name in told.value.message.zh
    assert "核查中" in told.value.message.zh
    office.desk.do(save_draft, office.clerk, task=task.key, values={"weight": "3"})
    _resume(office, case)
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})


def test_the_page_of_the_case_says_who_suspended_it_and_the_trail_keeps_both(office):
    case = office.approval()
    _suspend(office, case)
    told = office.desk.ask(case_page, office.clerk, case.key).suspension
    assert (told.name, told.reason) == (office.operations.name, "核查中")
    _resume(office, case)
    assert office.desk.ask(case_page, office.clerk, case.key).suspension is None
    actions = [entry.action for entry in office.desk.ask(trail, office.clerk, case.key)]
    assert [action for action in actions if action.endswith("_case")] == ["start_case", "suspend_case", "resume_case"]


def test_timers_of_a_suspended_case_fire_when_it_goes_on_in_the_order_they_were_due(office, clock):
    case = office.recorded()
    _suspend(office, case)
    clock.advance(timedelta(days=40))
    assert office.desk.run_due() == 0
    assert [row.element for row in office.desk.tasks(case.key)] == ["decide"]
    with office.desk.runtime.read() as transaction:
        timers = [row for row in jobs.pending_timers(transaction) if row.case == case.key]
    _resume(office, case)
    with office.desk.runtime.read() as transaction:
        first = lane.next_due(transaction)
    assert first is not None
    assert first.key == min(timers, key=lambda row: row.due_at).key
    assert office.desk.run_due() >= 1
    assert "takeover" in [row.element for row in office.desk.tasks(case.key)]


def test_timers_are_counted_anew_while_they_stand(office):
    case = office.recorded()
    _suspend(office, case)
    assert office.desk.do(recompute_timers, SYSTEM) == 0


def test_an_answer_under_way_is_asked_for_again_with_the_same_key(office, clock):
    case = office.recorded()
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})
    with office.desk.runtime.write() as transaction:
        [job] = pending_services(transaction)
        jobs.set_status(transaction, [{"key_": job.key, "status": jobs.QUEUED}])
    _suspend(office, case)
    with office.desk.runtime.write() as transaction:
        assert not settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome={"waybill": "W"})
    assert office.desk.run_due() == 0
    _resume(office, case)
    assert office.desk.run_due() == 1
    assert office.desk.ask(case_page, office.clerk, case.key).summary.end_name == "已寄出"


def test_jobs_of_a_suspended_case_are_not_handed_out_and_a_late_answer_hears_why(office, staff):
    case = office.desk.start(office.clerk, "customs", HILL, goods="茶叶")
    broker = staff.person("broker", NORTH)
    given = {"type": "customs.clear", "worker": "w", "timeout": timedelta(minutes=1)}
    [job] = office.desk.do(activate_jobs, broker, **given)
    _suspend(office, case)
    with pytest.raises(Conflict, match="核查中"):
        office.desk.do(complete_job, broker, job=job.key, values={})
    assert office.desk.do(activate_jobs, broker, **given) == ()
    _resume(office, case)
    assert [again.key for again in office.desk.do(activate_jobs, broker, **given)] == [job.key]


def test_an_incident_resolved_while_the_case_stands_is_tried_when_it_goes_on(office):
    case = office.recorded()
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})
    with office.desk.runtime.write() as transaction:
        [job] = pending_services(transaction)
        for tries in range(5):
            fault = as_fault(TimeoutError())
            settle_job(office.desk.runtime, transaction, job=job.key, tries=tries, outcome=fault)
    _suspend(office, case)
    [incident] = office.desk.ask(incidents, office.operations).rows
    office.desk.do(resolve_incident, office.operations, incident=incident.key, reason="快递恢复")
    assert office.desk.run_due() == 0
    _resume(office, case)
    assert office.desk.run_due() == 1


def test_a_message_does_not_reach_a_suspended_case(office):
    case = office.desk.start(office.clerk, "waiting", HILL, order_no="A1")
    _suspend(office, case)
    assert office.desk.do(correlate_message, SYSTEM, name="receipt", key="A1", values={}) is None
    with pytest.raises(Conflict, match="suspended"):
        office.desk.do(deliver_to_case, SYSTEM, case=case.key, name="receipt", values={})
    _resume(office, case)
    assert office.desk.do(correlate_message, SYSTEM, name="receipt", key="A1", values={}) == case.key


def test_a_message_waits_for_a_suspended_case_to_go_on(office):
    case = office.desk.start(office.clerk, "waiting", HILL, order_no="A1")
    _suspend(office, case)
    assert office.desk.do(publish_message, SYSTEM, name="receipt", key="A1").case is None
    _resume(office, case)
    office.desk.run_due()
    assert [row.element for row in office.desk.tasks(case.key)] == ["file_receipt"]


def test_a_message_waits_for_a_suspended_process_to_go_on(office):
    case = office.desk.start(office.clerk, "waiting", HILL, order_no="A1")
    office.desk.do(suspend_process, office.operations, process="waiting", reason="政策调整")
    assert office.desk.do(publish_message, SYSTEM, name="receipt", key="A1").case is None
    office.desk.do(resume_process, office.operations, process="waiting", reason="调整完毕")
    office.desk.run_due()
    assert [row.element for row in office.desk.tasks(case.key)] == ["file_receipt"]


def test_only_operations_suspend_with_a_reason_and_once(office, staff):
    case = office.approval()
    with pytest.raises(Invalid):
        _suspend(office, case, " ")
    with pytest.raises(Invalid):
        _suspend(office, case, "x" * 501)
    with pytest.raises(Forbidden):
        office.desk.do(suspend_case, office.supervisor, case=case.key, reason="x")
    with pytest.raises(NotFound):
        office.desk.do(suspend_case, staff.person("operations", LAKE), case=case.key, reason="x")
    with pytest.raises(Conflict):
        _resume(office, case)
    _suspend(office, case)
    with pytest.raises(Conflict, match=office.operations.name):
        _suspend(office, case)


def test_a_suspended_process_is_not_started_and_none_of_its_cases_goes_on(office, clock):
    case, other = office.recorded(), office.desk.start(office.clerk, "tour", HILL, route="甲线")
    stopped = office.desk.do(suspend_process, office.operations, process="approval", reason="政策调整")
    assert stopped == 1
    with pytest.raises(Conflict, match="政策调整"):
        office.approval()
    task = office.desk.task(case.key, "decide")
    with pytest.raises(Conflict, match="政策调整"):
        office.desk.do(complete_task, office.supervisor, task=task.key, revision=1, values={"verdict": "yes"})
    office.desk.complete(office.clerk, other.key, "visit", {"seen": "3"})
    with pytest.raises(Conflict, match=office.operations.name):
        office.desk.do(suspend_process, office.operations, process="approval", reason="再停")
    clock.advance(timedelta(days=40))
    assert office.desk.run_due() == 0
    office.desk.do(resume_process, office.operations, process="approval", reason="调整完毕")
    assert office.desk.run_due() >= 1
    office.approval()
    with pytest.raises(Conflict):
        office.desk.do(resume_process, office.operations, process="approval", reason="x")


def test_a_case_suspended_itself_still_stands_after_its_process_goes_on(office, clock):
    case = office.recorded()
    _suspend(office, case)
    office.desk.do(suspend_process, office.operations, process="approval", reason="政策调整")
    office.desk.do(resume_process, office.operations, process="approval", reason="调整完毕")
    clock.advance(timedelta(days=40))
    assert office.desk.run_due() == 0
    _resume(office, case)
    assert office.desk.run_due() >= 1


def test_a_process_is_suspended_by_operations_of_the_whole_city(office, staff):
    with pytest.raises(NotFound):
        office.desk.do(suspend_process, staff.person("operations", NORTH), process="approval", reason="x")
    with pytest.raises(NotFound):
        office.desk.do(suspend_process, office.operations, process="unheard", reason="x")
    with pytest.raises(Forbidden):
        office.desk.do(suspend_process, staff.person("manager"), process="approval", reason="x")
    with pytest.raises(Invalid):
        office.desk.do(suspend_process, office.operations, process="approval", reason="")


def test_a_suspended_case_is_found_by_that_and_shows_its_timers(office):
    case, running = office.recorded(), office.recorded()
    _suspend(office, case)
    found = office.desk.ask(cases, office.clerk, status="suspended")
    assert [row.key for row in found.rows] == [case.key]
    assert running.key in [row.key for row in office.desk.ask(cases, office.clerk, status="open").rows]
    assert {one.element for one in office.desk.ask(case_page, office.clerk, case.key).timers} == {"remind", "late"}

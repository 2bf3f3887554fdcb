from datetime import timedelta

import pytest

from engine.commands.resolve_incident import resolve_incident
from engine.commands.settle_job import as_fault, settle_job
from engine.errors import BpmnError, Conflict, Forbidden, Invalid, NotFound
from engine.jobs.run import run_job
from engine.queries.case import case_page, visible_case
from engine.queries.incidents import incidents
from engine.queries.waiting import pending_services
from engine.store import jobs
from engine.testing.places import HILL, LAKE


@pytest.fixture
def sending(office):
    """Return a case that waits for the courier's answer."""
    case = office.recorded()
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})
    return case


def _job(office):
    with office.desk.runtime.read() as transaction:
        return pending_services(transaction)[0]


def _break(office, message: str = "no answer"):
    def broken(_request):
        raise TimeoutError(message)

    office.desk.runtime.connectors = {"courier.send": broken}


def test_a_remote_service_is_asked_with_a_constant_key_and_its_answer_goes_on(office, sending):
    job = _job(office)
    assert (job.type, job.retries, job.tries, job.status) == ("courier.send", 5, 0, "waiting")
    assert office.desk.run_due() == 1
    page = office.desk.ask(case_page, office.clerk, sending.key)
    assert (page.summary.status, page.summary.end_name) == ("ended", "已寄出")
    with office.desk.runtime.read() as transaction:
        view = visible_case(office.desk.runtime, transaction, office.clerk, sending.key).run.view(None)
        assert view["waybill"] == f"W-job-{job.key}"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_an_answer_that_comes_again_has_one_effect(office, sending, times):
    job, answers = _job(office), []
    for _ in range(times):
        with office.desk.runtime.write() as transaction:
            answers.append(settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome={"waybill": "W"}))
    assert answers == [True] + [False] * (times - 1)


def test_an_answer_to_an_earlier_try_is_ignored(office, sending):
    job = _job(office)
    with office.desk.runtime.write() as transaction:
        assert settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome=as_fault(TimeoutError()))
        assert not settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome={})
        assert not settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome=as_fault(TimeoutError()))
        assert not settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome=BpmnError("REJECTED"))
    assert _job(office).tries == 1


def test_a_business_error_takes_its_own_way(office):
    case = office.desk.start(office.clerk, "approval", HILL, sender_name="无名氏", phone="13800000001", amount="5")
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})
    office.desk.run_due()
    office.desk.complete(office.clerk, case.key, "mend", {"remedy": "退回"})
    assert office.desk.ask(case_page, office.clerk, case.key).summary.end_name == "已处理"


def test_an_error_nobody_catches_is_an_incident_at_once_and_the_case_stays_where_it_was(office, sending):
    job = _job(office)
    with office.desk.runtime.write() as transaction:
        assert settle_job(office.desk.runtime, transaction, job=job.key, tries=0, outcome=BpmnError("UNKNOWN"))
    assert ["UNKNOWN" in row.message_zh for row in office.desk.ask(incidents, office.operations).rows] == [True]
    assert office.desk.ask(case_page, office.clerk, sending.key).summary.status == "open"
    assert office.desk.run_due() == 0


def test_a_failing_service_is_asked_again_later_each_time_and_then_becomes_an_incident(office, sending, clock):
    _break(office)
    pauses = []
    for tries in range(1, 5):
        assert office.desk.run_due() == 1
        job = _job(office)
        assert (job.tries, job.status) == (tries, "waiting")
        pauses.append(job.due_at - clock.now())
        assert office.desk.run_due() == 0
        clock.set(job.due_at)
    for number, pause in enumerate(pauses):
        assert timedelta(seconds=48) * 4**number <= pause <= timedelta(seconds=72) * 4**number
    assert office.desk.run_due() == 1
    page = office.desk.ask(incidents, office.operations)
    assert [(row.element_name, row.kind, row.tries, row.number) for row in page.rows] == [
        ("寄出", "service", 5, sending.number)
    ]
    assert office.desk.ask(case_page, office.clerk, sending.key).diagrams[0].elements["send"] == "incident"
    clock.advance(timedelta(days=30))
    assert office.desk.run_due() == 0


@pytest.fixture
def stuck(office, sending, clock):
    """Return a case whose courier has failed for good."""
    _break(office)
    for _ in range(5):
        clock.advance(timedelta(days=2))
        office.desk.run_due()
    return sending


def test_an_operator_tries_again_with_a_reason_once_the_outside_is_well(office, stuck):
    incident = office.desk.ask(incidents, office.operations).rows[0]
    office.desk.do(resolve_incident, office.operations, incident=incident.key, reason="快递恢复")
    assert office.desk.ask(incidents, office.operations).rows == ()
    assert _job(office).tries == 0
    office.desk.runtime.connectors = {"courier.send": lambda request: {"waybill": request.key}}
    assert office.desk.run_due() == 1
    assert office.desk.ask(case_page, office.clerk, stuck.key).summary.end_name == "已寄出"
    assert [row.note for row in office.desk.ask(incidents, office.operations, resolved=True).rows] == ["快递恢复"]


def test_a_retry_that_fails_again_opens_another_incident(office, stuck, clock):
    first = office.desk.ask(incidents, office.operations).rows[0]
    office.desk.do(resolve_incident, office.operations, incident=first.key, reason="再试")
    for _ in range(5):
        clock.advance(timedelta(days=2))
        office.desk.run_due()
    assert [row.key != first.key for row in office.desk.ask(incidents, office.operations).rows] == [True]


def test_incidents_are_resolved_by_operations_once_and_with_a_reason(office, stuck, staff):
    incident = office.desk.ask(incidents, office.operations).rows[0].key
    with pytest.raises(Invalid):
        office.desk.do(resolve_incident, office.operations, incident=incident, reason="")
    with pytest.raises(Forbidden):
        office.desk.do(resolve_incident, office.supervisor, incident=incident, reason="x")
    for stranger in (office.clerk, staff.person("supervisor", LAKE)):
        with pytest.raises(NotFound):
            office.desk.do(resolve_incident, stranger, incident=incident, reason="x")
    office.desk.do(resolve_incident, office.operations, incident=incident, reason="x")
    with pytest.raises(Conflict, match=office.operations.name):
        office.desk.do(resolve_incident, office.operations, incident=incident, reason="x")


def test_a_service_without_a_connector_fails_with_a_sentence(office, sending, clock):
    office.desk.runtime.connectors = {}
    for _ in range(5):
        clock.advance(timedelta(days=2))
        office.desk.run_due()
    assert "courier.send" in office.desk.ask(incidents, office.operations).rows[0].message_zh


def test_what_a_foreign_error_says_is_kept_nowhere(office, stuck):
    with office.desk.runtime.read() as transaction:
        row = jobs.find(transaction, office.desk.ask(incidents, office.operations).rows[0].job)
    assert "no answer" not in row.error


def test_a_model_fault_in_a_timer_is_an_incident_at_once_and_the_case_stays_as_it_was(office, clock):
    case = office.desk.start(office.clerk, "fragile", HILL, load="5")
    office.desk.complete(office.clerk, case.key, "enter", {"load": "13"})
    before = office.desk.ask(case_page, office.clerk, case.key)
    clock.advance(timedelta(hours=1))
    assert office.desk.run_due() == 1
    after = office.desk.ask(case_page, office.clerk, case.key)
    assert after.history == before.history
    assert [(row.kind, row.element_name, row.message_zh) for row in after.incidents] == [("timer", "过秤", "秤坏了。")]
    assert office.desk.run_due() == 0
    office.desk.runtime.services = office.desk.runtime.services | {"scale.weigh": lambda _call, _tx: {}}
    office.desk.do(resolve_incident, office.operations, incident=after.incidents[0].key, reason="换秤")
    assert office.desk.run_due() == 1
    assert [row.element for row in office.desk.tasks(case.key)] == ["label"]


def test_running_a_job_nobody_handed_over_does_nothing(office, sending):
    job = _job(office)
    run_job(office.desk.runtime, job.key, job.tries)
    run_job(office.desk.runtime, job.key + 1, 0)
    assert _job(office) == job

"""What operations decide about a service that failed for good: skip it, or take the path of an error."""

import pytest

from engine.commands.resolve_incident import resolve_incident
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.skip_activity import skip_activity
from engine.commands.suspend_case import suspend_case
from engine.commands.throw_error import throw_error
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.case import case_page, visible_case
from engine.queries.incidents import incidents
from engine.queries.trail import trail
from engine.queries.waiting import pending_services
from engine.testing.places import LAKE


@pytest.fixture
def failed(office):
    """Return a case whose parcel could not be sent, and the incident."""
    case = office.recorded()
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})
    with office.desk.runtime.write() as transaction:
        [job] = pending_services(transaction)
        for tries in range(5):
            settle_job(office.desk.runtime, transaction, job=job.key, tries=tries, outcome=as_fault(TimeoutError()))
    [incident] = office.desk.ask(incidents, office.operations).rows
    return case, incident.key


def _skip(office, incident, actor=None, values=None, reason="电话问到单号"):
    given = {"waybill": "W7"} if values is None else values
    office.desk.do(skip_activity, actor or office.operations, incident=incident, values=given, reason=reason)


def _throw(office, incident, code="REJECTED", actor=None, reason="快递公司拒收"):
    office.desk.do(throw_error, actor or office.operations, incident=incident, code=code, reason=reason)


def _actions(office, case):
    return [entry.action for entry in office.desk.ask(trail, office.clerk, case.key)]


def test_a_skipped_activity_gives_its_case_the_values_and_is_never_asked_again(office, failed):
    case, incident = failed
    _skip(office, incident)
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert page.summary.end_name == "已寄出"
    with office.desk.runtime.read() as transaction:
        opened = visible_case(office.desk.runtime, transaction, office.clerk, case.key)
        assert opened.run.view(None)["waybill"] == "W7"
    assert office.desk.run_due() == 0
    [told] = page.incidents
    assert (told.resolved_by, told.note) == (office.operations.name, "电话问到单号")
    assert "skip_activity" in _actions(office, case)


def test_an_error_takes_the_path_that_is_drawn_for_it(office, failed):
    case, incident = failed
    _throw(office, incident)
    assert [row.element for row in office.desk.tasks(case.key)] == ["mend"]
    assert office.desk.ask(incidents, office.operations).total == 0
    assert "throw_error" in _actions(office, case)


def test_an_error_that_nothing_catches_is_refused_and_the_incident_stays(office, failed):
    _, incident = failed
    with pytest.raises(Conflict, match="UNHEARD"):
        _throw(office, incident, "UNHEARD")
    assert office.desk.ask(incidents, office.operations).total == 1
    _throw(office, incident)


def test_what_was_decided_once_is_not_decided_again(office, failed):
    _, incident = failed
    _throw(office, incident)
    for again in (_skip, _throw):
        with pytest.raises(Conflict, match=office.operations.name):
            again(office, incident)
    with pytest.raises(Conflict, match=office.operations.name):
        office.desk.do(resolve_incident, office.operations, incident=incident, reason="x")


def test_a_suspended_case_is_not_moved_by_operations_either(office, failed):
    case, incident = failed
    office.desk.do(suspend_case, office.operations, case=case.key, reason="核查中")
    for verb in (_skip, _throw):
        with pytest.raises(Conflict, match="核查中"):
            verb(office, incident)


@pytest.mark.parametrize("verb", [_skip, _throw])
def test_only_operations_there_decide_and_with_a_reason(office, staff, failed, verb):
    _, incident = failed
    with pytest.raises(Invalid):
        verb(office, incident, reason=" ")
    with pytest.raises(Forbidden):
        verb(office, incident, actor=office.supervisor)
    with pytest.raises(NotFound):
        verb(office, incident, actor=office.clerk)
    with pytest.raises(NotFound):
        verb(office, incident, actor=staff.person("operations", LAKE))


def test_names_of_the_engine_and_empty_codes_are_refused(office, failed):
    _, incident = failed
    with pytest.raises(Invalid):
        _skip(office, incident, values={"case": 1})
    with pytest.raises(Invalid):
        _throw(office, incident, " ")

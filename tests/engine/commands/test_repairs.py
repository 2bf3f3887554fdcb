"""Many incidents mended in one go: by filter, one case at a time, with what could not be done and why."""

from __future__ import annotations

import pytest

from engine.commands.cancel_case import cancel_case
from engine.commands.resolve_incident import resolve_incident
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.start_repair import start_repair
from engine.commands.stop_repair import stop_repair
from engine.commands.suspend_case import suspend_case
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.jobs.repairing import work_off_repairs
from engine.queries.case import case_page
from engine.queries.incidents import incidents
from engine.queries.repairs import repair_page
from engine.queries.waiting import pending_services
from engine.store.incident_filter import IncidentFilter
from engine.testing.places import HILL, LAKE, SOUTH

SEND = IncidentFilter(element="send")


def fail_all(office) -> None:
    """Let every service that waits use up its tries."""
    with office.desk.runtime.write() as transaction:
        for job in pending_services(transaction):
            for tries in range(5):
                fault = as_fault(TimeoutError())
                settle_job(office.desk.runtime, transaction, job=job.key, tries=tries, outcome=fault)


@pytest.fixture
def failed(office) -> list[int]:
    """Three cases whose parcel could not be sent."""
    cases = [office.recorded().key for _ in range(3)]
    for case in cases:
        office.desk.complete(office.supervisor, case, "decide", {"verdict": "yes"})
    fail_all(office)
    return cases


def begin(office, action: str = "retry", given: IncidentFilter = SEND, **more):
    return office.desk.do(start_repair, office.operations, action=action, given=given, reason="快递恢复", **more)


def finish(office, key: int):
    while work_off_repairs(office.desk.runtime, most=1):
        pass
    return office.desk.ask(repair_page, office.operations, key)


def ends(office, cases: list[int]) -> list[str | None]:
    return [office.desk.ask(case_page, office.clerk, case).summary.end_name for case in cases]


def test_all_found_are_retried_in_the_background_and_go_on(office, failed):
    started = begin(office)
    assert started.incidents == 3
    assert office.desk.ask(repair_page, office.operations, started.key).counts == {"waiting": 3}
    page = finish(office, started.key)
    assert (page.row.status, page.counts) == ("finished", {"done": 3})
    assert office.desk.ask(incidents, office.operations).rows == ()
    assert office.desk.run_due() == 3
    assert ends(office, failed) == ["已寄出"] * 3


def test_what_is_not_done_is_told_for_each_case(office, failed):
    office.desk.do(suspend_case, office.operations, case=failed[0], reason="核查中")
    started = begin(office, "skip", values={"waybill": "W"})
    [gone] = [one.key for one in office.desk.ask(incidents, office.operations).rows if one.case == failed[1]]
    office.desk.do(resolve_incident, office.operations, incident=gone, reason="先试这个")
    page = finish(office, started.key)
    assert page.counts == {"done": 1, "not done": 2}
    told = {one.case: one.message.en for one in page.left_over}
    assert "核查中" in told[failed[0]]
    assert office.operations.name in told[failed[1]]
    assert ends(office, failed[2:]) == ["已寄出"]


def test_cases_are_cancelled_once_each(office, failed):
    page = finish(office, begin(office, "cancel").key)
    assert page.counts == {"done": 3}
    assert {office.desk.ask(case_page, office.clerk, case).summary.status for case in failed} == {"cancelled"}


def test_variables_are_corrected_and_what_failed_is_retried_with_them(office, failed):
    page = finish(office, begin(office, "update", values={"to": "无名氏", "amount": "9"}).key)
    assert page.counts == {"done": 3}
    # The courier refuses whom the corrected variable names: the job saw it.
    assert office.desk.run_due() == 3
    assert [row.element for row in office.desk.tasks(failed[0])] == ["mend"]


def test_what_was_interrupted_goes_on_where_it_stopped(office, failed):
    started = begin(office)
    assert work_off_repairs(office.desk.runtime, most=1)
    assert office.desk.ask(repair_page, office.operations, started.key).counts == {"waiting": 2, "done": 1}
    assert finish(office, started.key).counts == {"done": 3}


def test_a_batch_is_stopped_and_the_rest_stays(office, failed):
    started = begin(office)
    work_off_repairs(office.desk.runtime, most=1)
    office.desk.do(stop_repair, office.operations, repair=started.key)
    page = finish(office, started.key)
    assert (page.row.status, page.counts) == ("stopped", {"waiting": 2, "done": 1})
    with pytest.raises(Conflict, match="is over"):
        office.desk.do(stop_repair, office.operations, repair=started.key)


FILTERS = [
    (IncidentFilter(process="approval"), 3), (IncidentFilter(process="tour"), 0), (IncidentFilter(version=1), 3),
    (IncidentFilter(version=2), 0), (IncidentFilter(kind="service"), 3), (IncidentFilter(kind="timer"), 0),
    (IncidentFilter(message="TimeoutError"), 3), (IncidentFilter(message="100%"), 0), (IncidentFilter(region=HILL), 3),
    (IncidentFilter(region=LAKE), 0), (IncidentFilter(hours=1), 0), (IncidentFilter(hours=0), 3),
]  # fmt: skip


@pytest.mark.parametrize(("given", "count"), FILTERS)
def test_the_filter_finds_the_same_in_the_list_and_in_the_batch(office, failed, given, count):
    assert office.desk.ask(incidents, office.operations, given=given).total == count
    if count:
        assert begin(office, given=given).incidents == count
    else:
        with pytest.raises(Invalid, match="at least one"):
            begin(office, given=given)


def test_nobody_reaches_further_than_the_own_regions_and_rights(office, failed, staff):
    elsewhere = staff.person("operations", SOUTH)
    with pytest.raises(Invalid, match="at least one"):
        office.desk.do(start_repair, elsewhere, action="retry", given=SEND, reason="试")
    with pytest.raises(Forbidden):
        office.desk.do(start_repair, office.clerk, action="retry", given=SEND, reason="试")
    started = begin(office)
    with pytest.raises(NotFound):
        office.desk.ask(repair_page, elsewhere, started.key)
    with pytest.raises(NotFound):
        office.desk.do(stop_repair, elsewhere, repair=started.key)


def test_what_is_missing_is_told(office, failed):
    with pytest.raises(Invalid, match="Expected one of"):
        begin(office, "mend")
    with pytest.raises(Invalid, match="variables to set"):
        begin(office, "update")
    with pytest.raises(Invalid, match="a reason"):
        office.desk.do(start_repair, office.operations, action="retry", given=SEND, reason=" ")


def test_a_case_that_ended_meanwhile_is_left_alone(office, failed):
    started = begin(office, "cancel")
    office.desk.do(cancel_case, office.operations, case=failed[0], reason="重复")
    assert finish(office, started.key).counts == {"done": 2, "not done": 1}

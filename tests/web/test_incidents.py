"""The page of incidents: counted by step, filtered, and what operations can do with one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.commands.open_incident import open_incident
from engine.commands.settle_job import as_fault, settle_job
from engine.errors import ModelError, Text
from engine.model import SYSTEM
from engine.queries.waiting import pending_services
from engine.runtime import Runtime

Enter = Callable[[str], object]


@pytest.fixture
def failed(runtime: Runtime, started: str) -> str:
    """Return the number of a case whose text message could not be sent; something else went wrong there, too."""
    with runtime.write() as transaction:
        [job] = pending_services(transaction)
        for tries in range(5):
            settle_job(runtime, transaction, job=job.key, tries=tries, outcome=as_fault(TimeoutError()))
        fault = ModelError(Text("汇合网关等不到分支。", "The join waits in vain."), "some_join")
        open_incident(runtime, transaction, SYSTEM, case=job.case, fault=fault)
    return started


def _address(page: str, verb: str) -> str:
    found = re.search(rf'action="(/admin/incidents/\d+/{verb}[^"]*)"', page)
    assert found is not None, page
    return found[1].replace("&amp;", "&")


def test_incidents_are_counted_by_step_and_each_count_leads_to_its_rows(signed_in: Enter, failed: str) -> None:
    operations = signed_in("operations")
    page = operations.get("/admin/incidents").get_data(as_text=True)
    assert "共 2 个" in page
    links = re.findall(r'href="(/admin/incidents\?[^"]*element=[^"]*)"', page)
    assert len(links) == 2
    for link in links:
        assert "共 1 个" in operations.get(link.replace("&amp;", "&")).get_data(as_text=True)


@pytest.mark.parametrize(
    ("filters", "count"),
    [("kind=service", 1), ("kind=timer", 0), ("process=relief", 2), ("region=410721", 2), ("region=410702", 0)],
)
def test_incidents_are_filtered(signed_in: Enter, failed: str, filters: str, count: int) -> None:
    page = signed_in("operations").get(f"/admin/incidents?{filters}").get_data(as_text=True)
    assert page.count("/retry") == count
    assert (count == 0) == ("没有符合条件的故障" in page)


def test_a_failed_service_is_skipped_and_the_filter_stays(signed_in: Enter, failed: str) -> None:
    operations = signed_in("operations")
    skip = _address(operations.get("/admin/incidents?kind=service").get_data(as_text=True), "skip")
    assert operations.post(skip, values="{", reason="已电话通知").status_code == 422
    assert "已电话通知" in operations.page
    assert operations.post(skip, values="", reason="").status_code == 422
    answer = operations.post(skip, values='{"sent": true}', reason="已电话通知")
    assert answer.headers["Location"] == "/admin/incidents?kind=service"
    assert "没有符合条件的故障" in operations.get(answer.headers["Location"]).get_data(as_text=True)
    assert operations.post(skip, values="", reason="再来一次").status_code == 409


def test_an_error_that_nothing_catches_is_told_and_what_was_typed_stays(signed_in: Enter, failed: str) -> None:
    operations = signed_in("operations")
    throw = _address(operations.get("/admin/incidents").get_data(as_text=True), "error")
    assert operations.post(throw, code="NOBODY", reason="对方拒收").status_code == 409
    assert 'value="NOBODY"' in operations.page
    assert operations.post(throw, code="", reason="对方拒收").status_code == 422


def test_who_may_only_look_is_offered_nothing(signed_in: Enter, failed: str) -> None:
    page = signed_in("manager").get("/admin/incidents").get_data(as_text=True)
    assert failed in page
    assert "/skip" not in page
    assert "/retry" not in page

"""People, calendars, incidents and the demo's clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest

from engine.errors import ModelError, Text
from engine.runtime import Runtime
from web.admin.dates import read_days
from web.errors import Invalid

Enter = Callable[[str], object]


def test_a_person_is_added_and_can_sign_in(signed_in: Enter, browser: object) -> None:
    administrator = signed_in("administrator")
    person = {"login": "newcomer", "name": "新同事", "password": "a long enough password", "role": "township_operator"}
    answer = administrator.post("/admin/people", {**person, "region": "410721102"})
    assert answer.status_code == 303
    assert "新同事" in administrator.get(answer.headers["Location"]).get_data(as_text=True)
    assert browser.sign_in("newcomer").status_code == 303


def test_a_person_who_cannot_be_added_is_kept_in_the_form(signed_in: Enter) -> None:
    administrator = signed_in("administrator")
    answer = administrator.post("/admin/people", login="short", name="新同事", password="short", role="manager")
    assert answer.status_code == 422
    assert 'value="新同事"' in administrator.page
    assert 'value="short" autocomplete' in administrator.page
    taken = administrator.post(
        "/admin/people", login="operator", name="x", password="a long enough password", role="manager"
    )
    assert taken.status_code == 409


def test_a_year_is_entered(signed_in: Enter) -> None:
    administrator = signed_in("administrator")
    year = {"year": "2027", "off_days": "2027-01-01, 2027-02-05..2027-02-11", "source": "国办发明电〔2026〕1号"}
    answer = administrator.post("/admin/calendars", {**year, "makeup_workdays": "2027-02-14"})
    assert answer.status_code == 303, administrator.page
    page = administrator.get(answer.headers["Location"]).get_data(as_text=True)
    assert "2027-02-08" in page
    assert "日历已保存" in page


@pytest.mark.parametrize(
    "wrong", [{"year": "next"}, {"off_days": "5 February"}, {"off_days": "2027-02-11..2027-02-05"}, {"source": ""}]
)
def test_a_year_that_cannot_be_read_is_told_and_kept(signed_in: Enter, wrong: dict[str, str]) -> None:
    administrator = signed_in("administrator")
    year = {"year": "2027", "off_days": "2027-01-01", "makeup_workdays": "", "source": "notice", **wrong}
    answer = administrator.post("/admin/calendars", year)
    assert answer.status_code == 422
    assert "error-summary" in administrator.page
    assert year["off_days"] in administrator.page


def test_days_are_read_as_people_write_them() -> None:
    assert [day.isoformat() for day in read_days("2027-01-01，2027-02-05..2027-02-06\n2027-03-01")] == [
        "2027-01-01", "2027-02-05", "2027-02-06", "2027-03-01",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        read_days("2027-01-01..2029-01-01")


def test_a_fault_of_the_process_is_told_kept_and_shown_to_operations(
    signed_in: Enter, started: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> NoReturn:
        raise ModelError(Text("汇合网关等不到分支。", "The join waits in vain."), "some_join")

    monkeypatch.setattr("web.staff.tasks.complete_task", fault)
    operator = signed_in("operator")
    address = re.search(r'href="(/desk/tasks/\d+)"', operator.get("/desk/").get_data(as_text=True))[1]
    operator.get(address)
    answer = operator.press(address, duty_on_way="true", duty_note="已出发", do="complete")
    assert answer.status_code == 500
    assert "汇合网关等不到分支" in operator.page
    assert 'value="已出发"' in operator.page
    operations = signed_in("operations")
    page = operations.get("/admin/incidents").get_data(as_text=True)
    assert "汇合网关等不到分支" in page
    assert started in page
    retry = re.search(r'action="(/admin/incidents/\d+/retry)"', page)[1]
    assert operations.post(retry, reason="").status_code == 422
    cancel = re.search(r'action="(/desk/cases/\d+/cancel)"', page)[1]
    assert operations.post(retry, reason="流程图已改正").status_code == 303
    assert "没有未处理的故障" in operations.get("/admin/incidents").get_data(as_text=True)
    assert operations.post(cancel, reason="").status_code == 422
    assert operations.post(cancel, reason="重复登记").headers["Location"] == "/admin/incidents"
    assert started not in operator.get("/desk/").get_data(as_text=True)


def test_the_clock_exists_in_the_demo_alone(signed_in: Enter, runtime: Runtime) -> None:
    operator = signed_in("operator")
    assert operator.get("/admin/clock").status_code == 404
    assert operator.post("/admin/clock", workdays="3").status_code == 404
    runtime.settings = replace(runtime.settings, demo=True)
    assert operator.get("/admin/clock").status_code == 200
    assert operator.post("/admin/clock", to="2020-01-01T00:00").status_code == 422
    assert operator.post("/admin/clock", to="yesterday").status_code == 422
    assert operator.post("/admin/clock", workdays="3").status_code == 303

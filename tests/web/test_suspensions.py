"""The page on which operations make cases and processes stand still and go on."""

from __future__ import annotations

import re
from collections.abc import Callable

Enter = Callable[[str], object]


def _resume(page: str) -> str:
    found = re.search(r'action="(/admin/suspensions/[^"]*/resume)"', page)
    assert found is not None, page
    return found[1]


def test_a_case_is_suspended_by_its_number_seen_by_its_people_and_resumed(signed_in: Enter, started: str) -> None:
    operations = signed_in("operations")
    assert operations.post("/admin/suspensions/cases", number=f" {started} ", reason="核查中").status_code == 303
    page = operations.get("/admin/suspensions").get_data(as_text=True)
    assert started in page
    assert "核查中" in page
    operator = signed_in("operator")
    tasks = operator.get("/desk/").get_data(as_text=True)
    assert "案件已暂停" in tasks
    address = re.search(r'href="(/desk/cases/\d+)"', operator.get("/desk/cases").get_data(as_text=True))[1]
    assert "核查中" in operator.get(address).get_data(as_text=True)
    assert operations.post(_resume(page), reason="").status_code == 422
    assert operations.post(_resume(page), reason="核查完毕").status_code == 303
    assert "没有暂停的案件" in operations.get("/admin/suspensions").get_data(as_text=True)
    assert "案件已暂停" not in operator.get("/desk/").get_data(as_text=True)


def test_a_suspended_process_takes_no_application_until_it_is_resumed(signed_in: Enter, started: str) -> None:
    operations = signed_in("operations")
    assert operations.post("/admin/suspensions/processes", process="relief", reason="").status_code == 422
    assert operations.post("/admin/suspensions/processes", process="relief", reason="政策调整").status_code == 303
    page = operations.get("/admin/suspensions").get_data(as_text=True)
    assert "整个事项" in page
    assert operations.post("/admin/suspensions/processes", process="relief", reason="再停").status_code == 409
    assert operations.post(_resume(page), reason="调整完毕").status_code == 303
    assert operations.post(_resume(page), reason="调整完毕").status_code == 409


def test_a_number_that_is_none_is_told_and_kept(signed_in: Enter) -> None:
    operations = signed_in("operations")
    assert operations.post("/admin/suspensions/cases", number="4107-1", reason="核查中").status_code == 422
    assert 'value="4107-1"' in operations.page


def test_who_may_only_look_is_offered_nothing(signed_in: Enter) -> None:
    assert "/admin/suspensions/" not in signed_in("manager").get("/admin/suspensions").get_data(as_text=True)

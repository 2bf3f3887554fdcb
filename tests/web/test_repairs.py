"""The pages on which operations mend many incidents at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.jobs.repairing import work_off_repairs
from engine.runtime import Runtime
from tests.web.test_incidents import failed

__all__ = ["failed"]
Enter = Callable[[str], object]


def test_what_the_filter_found_is_mended_together(signed_in: Enter, failed: str, runtime: Runtime) -> None:
    operations = signed_in("operations")
    operations.get("/admin/incidents?process=relief&hours=0")
    assert "一起处理筛选出的 2 个故障" in operations.page
    begun = operations.press("/admin/repairs", action="retry", reason="短信平台恢复", values="")
    assert begun.status_code == 303
    operations.get(begun.location)
    assert "等待处理: 2" in operations.page
    while work_off_repairs(runtime):
        pass
    operations.get(begun.location)
    assert "已处理: 2" in operations.page
    assert "停止" not in operations.page
    assert operations.post(f"{begun.location}/stop").status_code == 409
    assert "短信平台恢复" in operations.get("/admin/repairs").get_data(as_text=True)


def test_what_could_not_be_done_is_listed_with_its_reason(signed_in: Enter, failed: str, runtime: Runtime) -> None:
    operations = signed_in("operations")
    operations.get("/admin/incidents")
    begun = operations.press("/admin/repairs", action="skip", reason="人工通知", values="{}")
    while work_off_repairs(runtime):
        pass
    operations.get(begun.location)
    assert "没有处理成的，共 1 个" in operations.page
    assert re.search(rf"{failed}</(a|th)>", operations.page)


def test_what_is_wrong_is_told(signed_in: Enter, failed: str) -> None:
    operations = signed_in("operations")
    assert operations.post("/admin/repairs", action="retry", reason="").status_code == 422
    assert operations.post("/admin/repairs", action="retry", reason="试", message="没有这句话").status_code == 422
    assert operations.post("/admin/repairs", action="update", reason="试", values="{").status_code == 422

"""What people do at their browsers, in the words of the screens."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from playwright.sync_api import Page

Values = Mapping[str, str | bool]
ANSWERS_WITHIN = 20.0


def apply(phone: Page, answers: Values) -> str:
    """Return the number of the application filled in on the phone, one question group a page."""
    phone.goto("/")
    phone.get_by_role("link", name="申请临时救助").click()
    for _ in range(12):
        fill(phone, "main", answers)
        last = phone.get_by_role("button", name="提交申请")
        if last.count():
            last.click()
            break
        phone.get_by_role("button", name="下一步").last.click()
    found = re.search(r"\d{9}-\d\d-\d{5}", phone.inner_text("main"))
    assert found, phone.inner_text("main")
    return found[0]


def progress(phone: Page, number: str, mobile: str) -> str:
    """Return what the progress page tells a citizen."""
    phone.goto("/progress")
    phone.fill("main [name=number]", number)
    phone.fill("main [name=phone]", mobile)
    phone.locator("main button").click()
    return phone.inner_text("main")


def fill(page: Page, within: str, values: Values) -> None:
    """Fill the fields of the page that have a value."""
    for name, value in values.items():
        field = page.locator(f'{within} [name="{name}"]:not([type=hidden])')
        if not field.count():
            continue
        kind = field.first.evaluate("element => element.tagName + ':' + element.type")
        if value is True:
            field.first.check()
        elif kind.startswith("SELECT"):
            field.first.select_option(str(value))
        else:
            field.first.fill(str(value))


def open_task(desk: Page, name: str) -> None:
    """Open the task from the worklist."""
    desk.goto("/desk/")
    desk.locator("table tbody").get_by_role("link", name=name).first.click()
    desk.wait_for_selector("#task-form")


def complete(desk: Page, name: str, values: Values) -> None:
    """Complete the task with these values; conditional fields appear while filling."""
    open_task(desk, name)
    for field, value in values.items():
        desk.wait_for_selector(f'#task-form [name="{field}"]:not([type=hidden])')
        fill(desk, "#task-form", {field: value})
        desk.wait_for_load_state("networkidle")
    desk.locator("#task-form button[value=complete]").last.click()
    desk.wait_for_url(re.compile("completed="))


def open_case(desk: Page, number: str) -> Page:
    """Return the page at the case with this number."""
    desk.goto(f"/desk/cases?q={number}")
    desk.locator("table tbody").get_by_role("link", name=number).first.click()
    desk.wait_for_load_state()
    return desk


def until(desk: Page, number: str, told: str) -> None:
    """Wait until the case page tells this; time and the outside answer in the background."""
    end = time.monotonic() + ANSWERS_WITHIN
    open_case(desk, number)
    while told not in desk.inner_text("main"):
        assert time.monotonic() < end, f"{told!r} is not told: {desk.inner_text('main')}"
        time.sleep(0.3)
        desk.reload()


def move_clock(desk: Page, workdays: int) -> None:
    """Move business time forward with the demo's control, a working day at a time."""
    for _ in range(workdays):
        desk.goto("/admin/clock")
        desk.locator('button[name=workdays][value="1"]').click()
        desk.wait_for_load_state()

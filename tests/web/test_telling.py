"""The clerk enters what a family reports while its application is handled: a change, a death, a withdrawal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import cases
from tests.web.conftest import HERE, Browser
from tests.web.test_green import APPLIED


@pytest.fixture
def applied(runtime: Runtime) -> int:
    with runtime.write() as transaction:
        definition = runtime.latest(transaction, "dibao")
        return begin_case(runtime, transaction, SYSTEM, Beginning(definition, HERE, APPLIED, "system")).key


def _page(browser: Browser, case: int) -> str:
    return browser.get(f"/desk/cases/{case}").get_data(as_text=True)


def test_a_change_is_entered_once_and_waits_to_be_verified(applied: int, signed_in: Callable[[str], Browser]) -> None:
    operator = signed_in("operator")
    page = _page(operator, applied)
    for words in ("家庭报告变动", "申请人去世", "本人撤回"):
        assert words in page
    address = f"/desk/cases/{applied}/tell/household_changed"
    operator.get(address)
    empty = operator.press(address, do="tell", change_note="")
    assert empty.status_code == 422
    assert operator.hidden("idempotency_key")
    fields = {"do": "tell", "change_note": "儿子打工回家一起住", "idempotency_key": operator.hidden("idempotency_key")}
    for _ in range(2):
        assert operator.post(address, dict(fields)).status_code == 303
    assert _page(operator, applied).count(">核实变动</a>") == 1


def test_a_death_cannot_lie_in_the_future_and_stops_the_tasks(
    applied: int, signed_in: Callable[[str], Browser]
) -> None:
    operator = signed_in("operator")
    address = f"/desk/cases/{applied}/tell/applicant_died"
    operator.get(address)
    refused = operator.press(address, do="tell", died_on="2026-12-01", death_note="村里报告，有死亡证明")
    assert refused.status_code == 422
    assert "去世日期不能晚于今天" in operator.page
    assert "村里报告，有死亡证明" in operator.page
    told = operator.press(address, do="tell", died_on="2026-09-20", death_note="村里报告，有死亡证明")
    assert told.status_code == 303
    assert "听取家属意见" in _page(operator, applied)


def test_a_withdrawal_ends_the_case_and_is_no_longer_offered(applied: int, signed_in: Callable[[str], Browser]) -> None:
    operator = signed_in("operator")
    address = f"/desk/cases/{applied}/tell/dibao_withdrawn"
    operator.get(address)
    assert operator.press(address, do="tell", withdrawal_asked="true").status_code == 303
    page = _page(operator, applied)
    assert "已撤回" in page
    assert "家庭来说" not in page
    assert operator.get(address).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "approver", "county"])
def test_who_does_not_serve_the_household_tells_nothing(
    applied: int, who: str, runtime: Runtime, signed_in: Callable[[str], Browser]
) -> None:
    browser = signed_in(who)
    assert "家庭来说" not in _page(browser, applied)
    address = f"/desk/cases/{applied}/tell/dibao_withdrawn"
    assert browser.get(address).status_code == 404
    assert browser.post(address, do="tell", withdrawal_asked="true").status_code == 404
    with runtime.read() as transaction:
        row = cases.find(transaction, applied)
        assert row is not None
        assert row.status == "open"

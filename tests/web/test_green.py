"""The green channel on the manager's screen: how many, how fast, where."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store.transaction import Transaction
from tests.web.conftest import ELSEWHERE, HERE, Browser
from workflows.registers import decisions, dibao
from workflows.registers.decisions import Decision
from workflows.registers.dibao import Applied, Deadline
from workflows.registers.ledger import CaseRef

ACCEPTED = date(2026, 9, 21)
APPLIED = {
    "applicant_name": "王建国", "id_no": "410721196503124413", "phone": "", "place": "东街三号", "area": "rural",
    "difficulty": "收入不够生活", "declared_income": 300, "household_members": [], "accepted_on": ACCEPTED,
}  # fmt: skip


def _case(runtime: Runtime, transaction: Transaction, region: str, green: str, deadline: date) -> CaseRef:
    """Return a case accepted on 2026-09-21, a Monday."""
    definition = runtime.latest(transaction, "dibao")
    begun = begin_case(runtime, transaction, SYSTEM, Beginning(definition, region, APPLIED, "system"))
    case = CaseRef(begun.key, begun.number, region)
    who = Applied("family", None, None, ACCEPTED)
    dibao.keep(transaction, case, who, Deadline("green", 12, deadline))
    dibao.green(transaction, case, green)
    return case


@pytest.fixture
def gone(runtime: Runtime) -> None:
    """One case decided after two working days, one late, one declined; one elsewhere."""
    with runtime.write() as transaction:
        decided = _case(runtime, transaction, HERE, "approved", date(2026, 10, 10))
        said = Decision("dibao", "granted", 500_00, "township", "张三", "", date(2026, 9, 21))
        decisions.record(transaction, decided, "decision", said)
        _case(runtime, transaction, HERE, "approved", date(2026, 9, 22))
        _case(runtime, transaction, HERE, "declined", date(2026, 10, 20))
        _case(runtime, transaction, ELSEWHERE, "asked", date(2026, 10, 20))


def _row(page: str) -> dict[str, str]:
    first = page.split("<tbody>")[1].split("</tr>")[0]
    return dict(re.findall(r'data-label="([^"]+)">([^<]+)<', first))


def test_the_county_sees_how_many_and_how_fast_by_township(gone: None, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("county").get("/watch/green").get_data(as_text=True)
    assert "2 件走了绿色通道，已决定 1 件" in page
    assert "平均 2.0 个工作日，最长 2 个" in page, page.split("lead")[1][:200]
    assert "共 1 处" in page
    told = {"待审批": "0", "已同意": "2", "未同意": "1", "办理中": "1", "已决定": "1", "平均工作日": "2.0", "超期": "1"}
    assert _row(page) == told


def test_another_place_and_another_year_stay_apart(gone: None, signed_in: Callable[[str], Browser]) -> None:
    manager = signed_in("manager")
    assert _row(manager.get(f"/watch/green?region={ELSEWHERE[:6]}").get_data(as_text=True))["待审批"] == "1"
    assert "没有申请绿色通道" in manager.get("/watch/green?year=2025").get_data(as_text=True)
    beyond = signed_in("county").get(f"/watch/green?region={ELSEWHERE}").get_data(as_text=True)
    assert _row(beyond)["已同意"] == "2"

"""The month's roster on the screen: the township looks at what it confirms, the county at who has confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine.clock import FixedClock
from engine.rehearsal.player import Player
from engine.runtime import Runtime
from engine.scenario import read_scenarios
from tests.web.conftest import HERE, Browser
from workflows.registers.given_rosters import give_entry
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import townships
from workflows.registers.payroll.freeze import Back, freeze

COUNTY, OCTOBER = HERE[:6], date(2026, 10, 1)
RUN = CaseRef(900, "FF900", COUNTY)
WANG = {"benefit": "dibao", "name": "王建国", "id_no": "410721196503124413", "region": f"{HERE}001", "amount": 1790}
PAID = {"bank_account": "6228480000000001111"}
STORY = """
name: 名册已冻结，等乡镇确认
on: 2026-09-25T08:00
start: {by: system, at: 410721}
steps: []
expect: {}
"""
LI = {"benefit": "dibao", "name": "李秀英", "id_no": "410721197203154420", "region": f"{HERE}002", "amount": 330}


@pytest.fixture
def frozen(runtime: Runtime) -> None:
    """One payment ready, one without an account."""
    with runtime.write() as transaction:
        for one in ({**WANG, **PAID}, LI):
            give_entry(transaction, one, runtime.keyring)
        freeze(transaction, RUN, "dibao", OCTOBER, Back(OCTOBER, 12), ())
        townships.ask(transaction, RUN, OCTOBER)


def test_the_township_reads_every_payment_it_is_to_confirm(frozen: None, signed_in: Callable[[str], Browser]) -> None:
    approver = signed_in("approver")
    page = approver.get("/desk/payroll").get_data(as_text=True)
    assert "2026-10：2 笔，2,120.00元。" in page
    assert "上月没有在这里发放。" in page
    assert "410721********4413" in page
    assert "410721196503124413" not in page
    assert ">1111<" in page
    assert "6228480000000001111" not in page
    assert "账户未核验" in page

    failed = approver.get("/desk/payroll?show=failed").get_data(as_text=True)
    assert "李秀英" in failed
    assert "王建国" not in failed


def test_the_county_reads_who_has_not_confirmed_and_goes_on_to_the_township(
    frozen: None, runtime: Runtime, signed_in: Callable[[str], Browser]
) -> None:
    county = signed_in("county")
    assert "还有 1 个乡镇（街道）没有确认。" in county.get("/desk/payroll").get_data(as_text=True)
    with runtime.write() as transaction:
        townships.confirm(transaction, HERE, OCTOBER, "郭丽桂")
    page = county.get("/desk/payroll").get_data(as_text=True)
    assert "各乡镇（街道）都已确认。" in page
    assert "郭丽桂" in page
    assert f"region={HERE}" in page
    assert "王建国" in county.get(f"/desk/payroll?region={HERE}").get_data(as_text=True)


def test_another_townships_roster_and_nonsense_lead_to_ones_own(
    frozen: None, signed_in: Callable[[str], Browser]
) -> None:
    stranger = signed_in("stranger")
    for address in ("", f"?region={HERE}", f"?region={HERE}001&month=2026-10&after=x", "?month=月&show=x&after=a/1/2"):
        answer = stranger.get(f"/desk/payroll{address}")
        assert answer.status_code == 200
        assert "王建国" not in answer.get_data(as_text=True)
    marks = ("dibao/99999999999999999999/2026-10", "%00/1/2026-10", f"dibao/{'9' * 5000}/2026-10", "dibao/²/2026-10", "dibao/1/2026-99")
    for mark in marks:
        page = signed_in("approver").get(f"/desk/payroll?after={mark}")
        assert (page.status_code, "王建国" in page.get_data(as_text=True)) == (200, True)
    own = signed_in("approver").get("/desk/payroll?month=nothing&show=x&after=dibao/1/2026-99&benefit=orphan")
    assert "王建国" in own.get_data(as_text=True)


def test_the_page_of_a_run_says_that_it_waits_for_the_townships(
    runtime: Runtime, clock: FixedClock, signed_in: Callable[[str], Browser]
) -> None:
    with runtime.write() as transaction:
        give_entry(transaction, {**WANG, **PAID}, runtime.keyring)
    (scenario,) = read_scenarios({"scenarios/waits.yaml": STORY.encode()})
    player = Player(runtime, clock, scenario, "payroll")
    player.engage()
    player.do(scenario.start)

    page = signed_in("county").get(f"/desk/cases/{player.case}").get_data(as_text=True)
    waits = page.partition("在等别处答复")[2].partition("</ul>")[0]
    assert "各乡镇已确认" in waits
    assert "督办日" not in waits
    assert "要求撤回" not in page.partition("走过的步骤")[0]

"""A month is paid to families and to children; whoever keeps no child's file learns of no child from anything it leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.clock import FixedClock
from engine.commands.add_token import add_token
from engine.model import SYSTEM
from engine.rehearsal.player import Player
from engine.runtime import Runtime
from engine.scenario import read_scenarios
from engine.store import tables as t
from tests.web.conftest import LIBRARY, Browser
from tests.web.test_restricted import OTHERS
from web.dispatch import Application
from workflows.registers.givens import apply_givens
from workflows.registers.payroll.batches import BankFiles
from workflows.registers.tables import payroll_batch

CHILDREN = {"刘小满": "410721201501024455", "陈小禾": "410721201306220020", "孙小雨": "410721201506120016"}
ACCOUNTS = ("6228480000000006666", "6228480000000008888")
STORY = """
name: 三名儿童：一笔发出、一笔金额不符、一笔没有账户；一户低保发出，一户低保没有账户
on: 2026-09-23T09:00
given:
  roster:
    - {benefit: dibao, name: 王建国, id_no: "410721196503124413", region: 410721102, amount: 550.00, bank_account: "6228480000000001111"}
    - {benefit: dibao, name: 李秀英, id_no: "410721197203154420", region: 410721102, amount: 330.00}
    - {benefit: orphan, name: 刘小满, id_no: "410721201501024455", region: 410721102, amount: 1350.00, bank_account: "6228480000000006666"}
    - {benefit: orphan, name: 陈小禾, id_no: "410721201306220020", region: 410721102, amount: 950, decided: 900, bank_account: "6228480000000008888"}
    - {benefit: orphan, name: 孙小雨, id_no: "410721201506120016", region: 410721102, amount: 1350.00}
start: {by: system, at: 410721}
steps:
  - complete: 确认本乡镇名册
    by: township_approver
    at: 410721102
  - complete: 处理不公开待遇异常
    by: child_county_operator
    data: {decision: pay, reason: 变更决定已补录}
  - complete: 编制发放表
    by: county_operator
  - complete: 复核发放表
    by: county_approver
  - complete: 拨付资金
    by: finance
  - job: payroll_send
    returns: {bank_reference: PL0000000001}
expect: {}
"""
COMMON = "scenarios/common.yaml"
HIDDEN = ("payroll_children", "payroll_child_account")
SEARCHED = (
    "/process-instances/search", "/user-tasks/search", "/jobs/search", "/incidents/search",
    "/element-instances/search", "/variables/search",
)  # fmt: skip


@pytest.fixture
def paid(runtime: Runtime, clock: FixedClock) -> int:
    """Return the case of the county's run, whose file the bank has taken."""
    common = (LIBRARY / "payroll" / COMMON).read_bytes()
    (scenario,) = read_scenarios({COMMON: common, "scenarios/children.yaml": STORY.encode()})
    with runtime.write() as transaction:
        apply_givens(transaction, scenario.given, runtime.keyring)
    player = Player(runtime, clock, scenario, "payroll")
    player.engage()
    for step in (scenario.start, *scenario.steps):
        player.do(step)
    return player.case


def _secrets(runtime: Runtime) -> list[str]:
    """Return whatever would tell of a child: names, also masked, numbers, accounts, and the cases about them."""
    masked = [f"{name[0]}{'*' * (len(name) - 1)}" for name in CHILDREN]
    with runtime.read() as transaction:
        hidden = transaction.execute(t.case.select().where(t.case.c.process.in_(HIDDEN))).all()
    assert {row.process for row in hidden} == set(HIDDEN)
    assert all(row.restricted for row in hidden)
    about = [str(said) for row in hidden for said in (row.number, row.key)]
    return [*CHILDREN, *masked, *CHILDREN.values(), *ACCOUNTS, *about]


def test_no_page_of_the_payroll_tells_of_a_child(
    app: Application, runtime: Runtime, paid: int, signed_in: Callable[[str], Browser]
) -> None:
    secrets = _secrets(runtime)
    with runtime.read() as transaction:
        cases = [row.key for row in transaction.execute(t.case.select())]
        tasks = [row.key for row in transaction.execute(t.user_task.select())]
        papers = [row.key for row in transaction.execute(t.document.select())]
    addresses = [f"/desk/cases/{key}" for key in cases] + [f"/desk/tasks/{key}" for key in tasks]
    addresses += [f"/desk/documents/{key}" for key in papers]
    addresses += ["/desk/payroll", "/desk/payroll?region=410721102", "/desk/payroll?region=410721102&show=changed"]
    addresses += ["/desk/payroll?region=410721102&benefit=orphan", "/desk/payroll?region=410721102&show=failed"]
    addresses += ["/desk/", "/desk/done", "/desk/cases", *(f"/desk/cases?q={name}" for name in CHILDREN)]

    told, seen = [], set()
    for login in OTHERS:
        person = signed_in(login)
        for address in addresses:
            answer = person.get(address)
            page = answer.get_data(as_text=True)
            if answer.status_code == 200:
                seen.add(address)
            # What somebody asks for stands in the page's own address.
            told += [(login, address, one) for one in secrets if one in page and one not in address]
            told += [(login, address, one) for one in ("孤儿基本生活费", "事实无人抚养") if one in page]

    assert told == []
    assert f"/desk/cases/{paid}" in seen
    assert any(address.startswith("/desk/documents/") for address in seen)


def test_programs_learn_of_no_child_from_the_payroll(app: Application, runtime: Runtime, paid: int) -> None:
    secrets = [*_secrets(runtime), "orphan/", "unattended/", *HIDDEN]
    client = app.test_client()
    with runtime.write() as transaction:
        tokens = {
            login: add_token(runtime, transaction, SYSTEM, name=login, days=9, login=login).secret for login in OTHERS
        }

    told, answered = [], set()
    for login, token in tokens.items():
        for path in SEARCHED:
            body = {"filter": {"processInstanceKey": str(paid)}} if path == "/variables/search" else {}
            answer = client.post(f"/v2{path}", json=body, headers={"Authorization": f"Bearer {token}"})
            page = answer.get_data(as_text=True)
            answered.add((path, answer.status_code))
            told += [(login, path, one) for one in secrets if one in page]

    assert told == []
    assert {path for path, status in answered if status == 200} == set(SEARCHED)


def test_the_bank_reads_whom_to_pay_and_not_that_it_is_a_child(runtime: Runtime, paid: int) -> None:
    with runtime.read() as transaction:
        batch = transaction.execute(payroll_batch.select().where(payroll_batch.c.case == paid)).one().key
        file = "".join(BankFiles(runtime.keyring).parts(transaction, batch))
    assert all(account in file for account in ACCOUNTS)
    assert "最低生活保障2026-10" in file
    assert not any(word in file for word in ("孤儿", "无人抚养", "儿童", "orphan", "unattended"))


def test_the_childrens_staff_do_what_the_month_needs(
    runtime: Runtime, paid: int, signed_in: Callable[[str], Browser]
) -> None:
    with runtime.read() as transaction:
        (account,) = transaction.execute(t.case.select().where(t.case.c.process == "payroll_child_account")).all()
    keeper = signed_in("keeper")
    assert "孙小雨" in keeper.get(f"/desk/cases/{account.key}").get_data(as_text=True)
    assert signed_in("county").get(f"/desk/cases/{account.key}").status_code == 404
    with runtime.read() as transaction:
        said = transaction.execute(t.audit.select().where(t.audit.c.result == "denied")).all()
    assert [row.name for row in said] == ["name of county"]

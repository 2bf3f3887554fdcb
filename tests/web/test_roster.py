"""Who draws what, on the screen: for the people whose work it is, within their place, and nothing of what is kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.commands.add_person import add_person
from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.keys import new_key
from tests.web.conftest import ELSEWHERE, HERE, PASSWORD, Browser, _hashed
from tests.web.test_green import APPLIED
from workflows.registers import rosters
from workflows.registers.given_rosters import give_entry
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Enrolment

PAGE = "/desk/roster"
WANG, LI = "410721196503124413", "41072119720315442X"
Enter = Callable[[str], Browser]
Give = Callable[..., int]


@pytest.fixture
def give(runtime: Runtime) -> Give:
    """Return what puts somebody on a roster, by default the living allowance of 550 yuan in the township."""

    def given(name: str, **more: Any) -> int:
        what = {"benefit": "dibao", "region": HERE, "amount": 550, "since": "2026-01-01", "number": f"DB-{name}"}
        with runtime.write() as transaction:
            return give_entry(transaction, {**what, "name": name, **more}, runtime.keyring)

    return given


@pytest.fixture
def decided(runtime: Runtime) -> int:
    """Return the case that put 周志强 on the roster of the township."""
    with runtime.write() as transaction:
        begun = begin_case(
            runtime, transaction, SYSTEM, Beginning(runtime.latest(transaction, "dibao"), HERE, APPLIED, "system")
        )
        case, since = CaseRef(begun.key, begun.number, HERE), date(2026, 9, 1)
        holder = Residents(runtime.keyring).enter(transaction, case, Resident("周志强"), since)
        rosters.enrol(transaction, case, Enrolment("dibao", holder, None, since, 1_234_50, new_key(), "A"))
    return begun.key


@pytest.fixture
def enter_as(runtime: Runtime, signed_in: Enter) -> Callable[[str, str], Browser]:
    """Return what signs in somebody who holds the role in the region."""

    def entered(role: str, region: str) -> Browser:
        with runtime.write() as transaction:
            add_person(
                runtime, transaction, SYSTEM, login=f"{role}.{region}", name=role, password=PASSWORD,
                password_hash=_hashed(), grants=(Grant(role, region),),
            )  # fmt: skip
        return signed_in(f"{role}.{region}")

    return entered


def shown(person: Browser, **filters: str) -> str:
    answer = person.client.get(PAGE, query_string=filters)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def row(page: str, name: str) -> str:
    """Return the row of the holder, as it is read."""
    found = next(one for one in page.split("<tr>") if f'<th scope="row">{name}<' in one)
    return " ".join(re.sub(r"<[^>]+>", " ", found.partition("</tr>")[0]).split())


def test_a_clerk_sees_who_draws_what(give: Give, signed_in: Enter) -> None:
    give("王建国", id_no=WANG, next_review="2026-09-20", **{"class": "A"})
    give("李秀英", id_no=LI, amount=1300, benefit="tekun", suspended="2026-08-01", region=f"{HERE}003")
    page = shown(signed_in("operator"))
    assert "共 2 条，每月金额合计 1,850.00 元，其中 1,300.00 元暂停发放。" in page
    assert row(page, "王建国") == (
        "王建国 410721********4413 最低生活保障 A 类 新乡县小冀镇 550.00 2026年1月1日 在册 2026年9月20日 超期 3 天 DB-王建国"
    )
    assert row(page, "李秀英") == (
        "李秀英 410721********442X 特困人员救助供养 新乡县小冀镇 003 村（居） 1,300.00 2026年1月1日 暂停发放 – DB-李秀英"
    )
    assert WANG not in page
    assert f'<a href="{PAGE}" aria-current="page">在册</a>' in page


def test_what_is_stopped_is_shown_on_request_and_with_its_day(give: Give, signed_in: Enter) -> None:
    give("王建国", stopped="2026-07-01")
    give("李秀英", stopped="2026-10-01")
    operator = signed_in("operator")
    assert "没有符合条件的在册记录" in shown(operator)
    page = shown(operator, state="stopped")
    assert "– 2026年1月1日 已停发 2026年7月1日 起" in row(page, "王建国")
    assert "550.00 2026年1月1日 将停发 2026年10月1日 起" in row(page, "李秀英")
    assert "连同已停发的再找" in shown(operator, q="DB-王建国")


def test_the_address_narrows_the_list(give: Give, signed_in: Enter) -> None:
    give("王建国", id_no=WANG, next_review="2026-09-30")
    give("李秀英", benefit="tekun", next_review="2026-10-01")
    county = signed_in("county")
    for filters, holder in (
        ({"q": WANG}, "王建国"),
        ({"q": " DB-李秀英 "}, "李秀英"),
        ({"benefit": "tekun", "region": HERE}, "李秀英"),
        ({"review": "due"}, "王建国"),
    ):
        page = shown(county, **filters)
        assert "共 1 条，" in page, filters
        assert holder in page, filters
    for odd in ({"region": ELSEWHERE}, {"q": "王建国"}):
        assert "没有符合条件的在册记录" in shown(county, **odd), odd
    assert "共 2 条，" in shown(county, benefit="no such", state="no such", region="none", review="never")


def test_everybody_sees_their_own_place_alone(
    give: Give, signed_in: Enter, enter_as: Callable[[str, str], Browser]
) -> None:
    give("王建国", region=f"{HERE}001")
    give("李秀英", region=f"{HERE}002")
    give("孙某某", region=ELSEWHERE)
    assert "共 1 条，" in shown(enter_as("village_assistant", f"{HERE}001"))
    for login in ("operator", "approver", "county", "decider"):
        page = shown(signed_in(login))
        assert "共 2 条，" in page, login
        assert "孙某某" not in page, login
    assert "孙某某" in shown(signed_in("stranger"))
    assert "共 3 条，" in shown(enter_as("city_supervisor", "4107"))


def test_it_is_not_offered_to_people_with_other_work(
    signed_in: Enter, enter_as: Callable[[str, str], Browser]
) -> None:
    others = [signed_in(login) for login in ("auditor", "designer", "manager", "keeper")]
    others += [
        enter_as(role, HERE[:6])
        for role in ("dept_officer.police", "institution", "agent_bank", "finance", "social_worker", "city_operator")
    ]
    for person in others:
        assert person.get(PAGE).status_code == 403
        assert f'href="{PAGE}"' not in person.page


def test_nothing_tells_of_what_children_draw(give: Give, signed_in: Enter) -> None:
    give("王小雨", id_no=WANG, benefit="orphan", amount=1500, number="DB-1")
    for login in ("operator", "county"):
        for filters in ({}, {"benefit": "orphan", "state": "all"}, {"q": WANG}, {"q": "DB-1", "state": "all"}):
            page = shown(signed_in(login), **filters)
            assert "没有符合条件的在册记录" in page, filters
            assert not re.search("王小雨|孤儿|无人抚养", page), filters


def test_an_entry_leads_to_its_case(decided: int, signed_in: Enter) -> None:
    page = shown(signed_in("operator"))
    assert f'<a href="/desk/cases/{decided}">' in page
    assert "1,234.50" in row(page, "周志强")


def test_an_entry_of_a_restricted_case_is_there_for_its_readers_alone(
    runtime: Runtime, decided: int, give: Give, signed_in: Enter
) -> None:
    give("王建国")
    with runtime.write() as transaction:
        transaction.execute(t.case.update().where(t.case.c.key == decided).values(restricted=1))
        number = transaction.execute(t.case.select().where(t.case.c.key == decided)).one().number
        reader = {"key": new_key(), "case": decided, "person": None, "role": "township_approver", "region": HERE}
        told = {"since": transaction.now, "until": None, "granted_by": "x", "reason": "x"}
        transaction.insert(t.case_reader, [{**reader, **told}])

    for login in ("operator", "county", "decider"):
        page = shown(signed_in(login))
        assert "共 1 条，每月金额合计 550.00 元。" in page, login
        assert "周志强" not in page, login
        assert "没有符合条件的在册记录" in shown(signed_in(login), q=number), login
    assert "周志强" in shown(signed_in("approver"))


def test_a_case_that_moved_away_is_named_but_not_linked(runtime: Runtime, decided: int, signed_in: Enter) -> None:
    with runtime.write() as transaction:
        transaction.execute(t.case.update().where(t.case.c.key == decided).values(region=ELSEWHERE))
    page = shown(signed_in("operator"))
    assert "周志强" in page
    assert f"/desk/cases/{decided}" not in page


def test_the_page_speaks_english(give: Give, signed_in: Enter) -> None:
    give("王建国", next_review="2026-09-20", **{"class": "A"})
    operator = signed_in("operator")
    operator.get(f"/language/en?next={PAGE}")
    page = shown(operator)
    assert "Entries: 1; CNY 550.00 a month in all." in page
    assert "Living allowance class A" in row(page, "王建国")
    assert "3 d overdue" in row(page, "王建国")

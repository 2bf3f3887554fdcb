"""The pages on which operations move tokens of a case: choosing, seeing what would happen, a second person deciding."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.commands.add_person import add_person
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from tests.web.conftest import PASSWORD

Enter = Callable[[str], object]


@pytest.fixture
def second(runtime: Runtime, signed_in: Enter) -> object:
    with runtime.write() as transaction:
        grants = (Grant("operations", ""),)
        add_person(runtime, transaction, SYSTEM, login="ops2", name="name of ops2", password=PASSWORD, grants=grants)
    return signed_in("ops2")


def _opened(operations: object, number: str) -> str:
    found = operations.get(f"/admin/modifications?number={number}")
    assert found.status_code == 303
    operations.get(found.location)
    return found.location


def _choice(page: str, group: str, name: str) -> str:
    found = re.search(rf'name="{group}" value="([^"]+)" data-element="[^"]*"> {name}', page)
    assert found is not None, page
    return found[1]


def test_a_token_is_moved_by_two_persons(signed_in: Enter, taken_down: str, second: object) -> None:
    operations = signed_in("operations")
    address = _opened(operations, taken_down)
    choice = {
        "ends": re.search(r'name="ends" value="(\d+)"', operations.page)[1],
        "starts": re.search(r'name="starts" value="([^"]+)"', operations.page)[1],
    }
    tried = operations.post(address, {**choice, "do": "try", "reason": "退回补正"})
    assert tried.status_code == 200
    assert "这是试算" in operations.page
    assert 'value="退回补正"' in operations.page
    assert f'value="{choice["ends"]}"' in operations.page
    assert operations.page.count(" checked") == 2
    assert operations.post(address, {**choice, "do": "propose", "reason": ""}).status_code == 422
    proposed = operations.post(address, {**choice, "do": "propose", "reason": "退回补正"})
    assert proposed.status_code == 303
    operations.get(proposed.location)
    assert "同意并执行" not in operations.page
    assert operations.post(f"{proposed.location}/approve", note="同意").status_code == 403
    second.get("/admin/modifications")
    assert "等待复核" in second.page
    second.get(proposed.location)
    assert second.post(f"{proposed.location}/approve", note="").status_code == 422
    assert second.post(f"{proposed.location}/approve", note="核对过").status_code == 303
    second.get(proposed.location)
    assert "做了什么" in second.page
    assert second.post(f"{proposed.location}/refuse", note="再来").status_code == 409


def test_a_proposal_is_withdrawn_and_refused(signed_in: Enter, taken_down: str, second: object) -> None:
    operations = signed_in("operations")
    address = _opened(operations, taken_down)
    data = {"values": '{"note": "x"}', "do": "propose", "reason": "改备注"}
    first = operations.post(address, data).location
    assert operations.post(f"{first}/refuse", note="想错了").status_code == 303
    again = operations.post(address, data).location
    assert second.post(f"{again}/refuse", note="不必改").status_code == 303
    listed = second.get("/admin/modifications").get_data(as_text=True)
    assert "提议人已撤回" in listed
    assert "已退回" in listed


def test_what_is_wrong_is_told_and_the_choice_kept(signed_in: Enter, taken_down: str) -> None:
    operations = signed_in("operations")
    address = _opened(operations, taken_down)
    token = re.search(r'name="ends" value="(\d+)"', operations.page)[1]
    assert operations.post(address, {"ends": token, "do": "try"}).status_code == 409
    assert re.search(rf'value="{token}"[^>]* checked', operations.page)
    assert operations.post(address, {"do": "try"}).status_code == 422
    assert operations.post(address, {"ends": token, "values": "{", "do": "try"}).status_code == 422
    assert operations.get("/admin/modifications?number=1").status_code == 200
    assert "没有找到这个编号" in operations.page

"""The page on which operations see which messages wait for whom, and send one by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.commands.complete_task import complete_task
from engine.commands.publish_message import publish_message
from engine.commands.step import Beginning, begin_case
from engine.jobs.in_order import run_in_order
from engine.model import SYSTEM, Actor, Grant
from engine.queries.waiting import open_tasks
from engine.store import tables as t

HERE, ELSEWHERE = "410721102", "410702100"
OBJECTION = "publicity_objection"
Enter = Callable[[str], object]


@pytest.fixture
def posted(runtime) -> str:
    """Return the number of a case whose notice hangs: it waits for an objection."""
    values = {"publicity_days": 3, "publish_name": "王建国", "publish_members": 2, "publish_amount": 1500}
    with runtime.write() as transaction:
        definition = runtime.latest(transaction, "publicity")
        case = begin_case(runtime, transaction, SYSTEM, Beginning(definition, HERE, values, "system"))
    with runtime.write() as transaction:
        [task] = [row for row in open_tasks(transaction) if row.case == case.key]
        clerk = Actor(1, "operator", (Grant("township_operator", HERE),))
        answers = {"posted_on": "2026-09-23", "posted_place": "政府公示栏", "hotline": "0373-5551234"}
        complete_task(runtime, transaction, clerk, task=task.key, revision=task.revision, values=answers)
    return case.number


def _publish(runtime, name: str, region: str, **more: object) -> None:
    with runtime.write() as transaction:
        publish_message(runtime, transaction, SYSTEM, name=name, region=region, life=timedelta(hours=1), **more)


def _send(person, **fields: object):
    return person.post("/admin/messages", {"life": "0", "reason": "电话告知"} | fields)


def test_a_case_that_waits_is_listed_and_takes_a_message_sent_by_hand(signed_in: Enter, runtime, posted) -> None:
    operations = signed_in("operations")
    page = operations.get("/admin/messages?state=waiting").get_data(as_text=True)
    assert OBJECTION in page
    assert posted in page
    answer = _send(operations, name=OBJECTION, key=posted)
    assert answer.status_code == 303
    assert "消息已由案件接收" in operations.get(answer.headers["Location"]).get_data(as_text=True)
    assert OBJECTION not in operations.page.split("<form")[0]
    with runtime.read() as transaction:
        [entry] = transaction.execute(t.audit.select().where(t.audit.c.action == "publish_message")).all()
        assert (entry.name, "电话告知".encode() in entry.details) == ("name of operations", True)


def test_without_a_reason_or_without_a_case_nothing_is_sent_and_nothing_typed_is_lost(signed_in: Enter, posted) -> None:
    operations = signed_in("operations")
    assert _send(operations, name=OBJECTION, key=posted, reason=" ").status_code == 422
    assert f'value="{posted}"' in operations.page
    assert _send(operations, name="no_such_message", key="9").status_code == 409
    assert "没有案件在等这条消息" in operations.page
    assert 'value="no_such_message"' in operations.page
    assert _send(operations, name=OBJECTION, key=posted, values='{"a"').status_code == 422
    assert '{&#34;a&#34;</textarea>' in operations.page
    assert "no_such_message" not in operations.get("/admin/messages?state=buffered").get_data(as_text=True)


def test_a_message_that_may_wait_is_kept_then_expires_and_stays_to_be_seen(signed_in: Enter, runtime, clock) -> None:
    operations = signed_in("operations")
    assert 'spellcheck="false"></textarea>' in operations.get("/admin/messages").get_data(as_text=True)
    assert _send(operations, name="late_answer", key="12", life="hour").status_code == 303
    assert "late_answer" in operations.get("/admin/messages?state=buffered").get_data(as_text=True)
    clock.advance(timedelta(hours=2))
    run_in_order(runtime)
    assert "late_answer" not in operations.get("/admin/messages?state=buffered").get_data(as_text=True)
    assert "late_answer" in operations.get("/admin/messages?state=expired").get_data(as_text=True)
    assert "late_answer" not in operations.get("/admin/messages?state=expired&name=other").get_data(as_text=True)


def test_everybody_sees_their_own_area_and_keys_are_for_those_who_may_reveal(signed_in: Enter, runtime) -> None:
    secret = "410721198001011231"
    _publish(runtime, "from_here", HERE, key=secret, values={"name": "刘桂兰"})
    _publish(runtime, "from_elsewhere", ELSEWHERE, key=secret)
    address = "/admin/messages?state=buffered"
    county = signed_in("county").get(address).get_data(as_text=True)
    assert ("from_here" in county, "from_elsewhere" in county) == (True, False)
    assert f"…{secret[-4:]}" in county
    operations = signed_in("operations").get(address).get_data(as_text=True)
    assert ("from_here" in operations, "from_elsewhere" in operations) == (True, True)
    assert "已封存" in operations
    assert f"…{secret[-4:]}" not in operations
    assert [value for value in (secret, "刘桂兰") if value in county + operations] == []
    filtered = signed_in("operations").get(f"{address}&region={ELSEWHERE[:6]}").get_data(as_text=True)
    assert ("from_here" in filtered, "from_elsewhere" in filtered) == (False, True)


def test_who_may_only_look_is_offered_no_form(signed_in: Enter) -> None:
    assert "发送一条消息" not in signed_in("manager").get("/admin/messages").get_data(as_text=True)

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runtime import RemoteRequest
from workflows.connectors.http import Department, DepartmentError
from workflows.connectors.sms import sms
from workflows.departments import Server, serve

DUTY = {("township_operator", "410702100"): "13700000002"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path / "departments.db") as running:
        yield running


@pytest.fixture
def send(server: Server):
    connect = sms(Department(server.url), lambda role, region: DUTY.get((role, region)))

    def ask(to: str, times: int = 1, region: str = "410702100", **variables: object):
        case = {"region": region, "number": "LS1"}
        request = RemoteRequest("job-1", "sms", case, variables, {"to": to, "text": "请立即接警"})
        return [connect(request) for _ in range(times)][-1]

    return ask


def received(server: Server) -> list[tuple[str, str]]:
    return [(one["recipient"], one["text"]) for one in server.site.ledger.messages()]


def test_a_message_sent_again_with_its_key_arrives_once(server, send):
    assert send("13700000009", times=3) == {"sent": True}
    assert received(server) == [("13700000009", "请立即接警")]


def test_the_applicant_is_reached_on_the_phone_of_the_application(server, send):
    assert send("applicant", phone="13700000001") == {"sent": True}
    assert received(server) == [("13700000001", "请立即接警")]


def test_an_applicant_without_a_phone_gets_no_message_and_the_case_goes_on(server, send):
    assert send("applicant", phone=None) == {"sent": False}
    assert received(server) == []


def test_a_role_is_reached_on_the_phone_on_duty(server, send):
    send("township_operator")
    assert received(server) == [("13700000002", "请立即接警")]


def test_an_alarm_nobody_would_hear_is_a_failed_try(server, send):
    with pytest.raises(DepartmentError, match="nobody is on duty"):
        send("township_operator", region="410702101")
    assert received(server) == []

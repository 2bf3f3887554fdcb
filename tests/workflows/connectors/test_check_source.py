"""The connector to the sources of the economic check, against departments that behave and others that do not."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from engine.errors import BpmnError
from engine.runtime import RemoteRequest
from workflows.connectors.check_source import check_remind, check_source, query_key
from workflows.connectors.http import Department, DepartmentError

PERSON = {"member": "1", "name": "王建国", "id_no": "410721198001011231"}
WAGE = {"member": "1", "code": "wage_base", "number": 3200.5, "unit": "元/月", "as_of": "2026-08-31"}


class Source(HTTPServer):
    """A department that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.body, self.wait = 200, json.dumps({"status": "answered", "items": [WAGE]}), 0.0
        self.asked: list[tuple[str, str, Any]] = []
        self.released = threading.Event()


class _Answering(BaseHTTPRequestHandler):
    server: Source

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Idempotency-Key"], data))
        self.server.released.wait(self.server.wait)
        body = self.server.body.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""


@pytest.fixture
def source() -> Iterator[Source]:
    server = Source()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


def request(job: str = "job-1", **variables: Any) -> RemoteRequest:
    asked = {"source": "tax", "request_no": "低保1-核1", "purpose": "new", "members": [PERSON], **variables}
    return RemoteRequest(job, "check_source", {"region": "410721101"}, asked, {})


def ask(source: Source, seconds: float = 5.0, **variables: Any) -> Any:
    connect = check_source(Department(f"http://127.0.0.1:{source.server_port}", seconds))
    return connect(request(**variables))


def test_the_items_of_an_answer_become_variables_with_exact_numbers(source):
    found = ask(source)

    assert found["status"] == "answered"
    assert found["items"][0] == {**WAGE, "number": Decimal("3200.5"), "text": ""}
    assert source.asked[0][0] == "/sources/tax/queries"
    assert source.asked[0][2] == {"request_no": "低保1-核1", "purpose": "new", "members": [PERSON]}


def test_the_same_query_asked_again_by_another_job_has_the_same_key(source):
    connect = check_source(Department(f"http://127.0.0.1:{source.server_port}"))
    connect(request("job-1"))
    connect(request("job-2"))

    assert len({key for _, key, _ in source.asked}) == 1


def test_another_person_source_or_request_is_another_query():
    first = query_key(request().variables)
    others = (
        {"source": "police"},
        {"request_no": "低保1-核2"},
        {"members": [{**PERSON, "id_no": "410721198202032426"}]},
    )
    assert first not in [query_key(request(**other).variables) for other in others]


def test_the_key_shows_nothing_of_the_person():
    assert PERSON["id_no"] not in query_key(request().variables)


def test_a_source_that_needs_time_says_so(source):
    source.body = json.dumps({"status": "pending"})
    assert ask(source) == {"status": "pending", "items": []}


def test_a_source_without_interface_is_a_business_error(source):
    source.status, source.body = 422, json.dumps({"code": "NO_INTERFACE", "reason": "没有接口"})
    with pytest.raises(BpmnError) as refused:
        ask(source)
    assert refused.value.code == "SOURCE_REFUSED"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "系统错误"),
        (503, json.dumps({"error": "lost"})),
        (200, "<html>系统维护</html>"),
        (200, json.dumps([WAGE])),
        (200, json.dumps({"status": "answered"})),
        (200, json.dumps({"status": "done", "items": []})),
        (200, json.dumps({"status": "answered", "items": ["车"]})),
        (200, json.dumps({"status": "answered", "items": [{"member": "1"}]})),
        (200, json.dumps({"status": "answered", "items": [{**WAGE, "number": "很多"}]})),
        (200, json.dumps({"status": "answered", "items": [{**WAGE, "number": "NaN"}]})),
        (200, json.dumps({"status": "answered", "items": [{**WAGE, "as_of": "上月"}]})),
        (200, json.dumps({"status": "answered", "items": [{**WAGE, "member": "2"}]})),
        (200, json.dumps({"status": "answered", "items": [WAGE] * 501})),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_a_failed_try_without_personal_data(source, status, body):
    source.status, source.body = status, body
    with pytest.raises(DepartmentError) as failed:
        ask(source)
    assert not any(secret in str(failed.value) for secret in (PERSON["id_no"], PERSON["name"], "很多"))


def test_a_slow_answer_is_a_failed_try(source):
    source.wait = 20
    with pytest.raises(DepartmentError, match="no usable answer"):
        ask(source, seconds=0.2)


def test_nobody_listening_is_a_failed_try():
    with pytest.raises(DepartmentError, match="no usable answer"):
        check_source(Department("http://127.0.0.1:9"))(request())


def test_a_reminder_goes_out_once_per_job(source):
    source.body = json.dumps({"reminded": True})
    connect = check_remind(Department(f"http://127.0.0.1:{source.server_port}"))

    assert connect(request("job-9")) == {"reminded": True}
    assert source.asked[0][:2] == ("/sources/tax/reminders", "job-9")


def test_nothing_about_persons_is_logged(source, caplog):
    caplog.set_level(logging.DEBUG)
    ask(source)
    assert not any(secret in caplog.text for secret in (PERSON["id_no"], PERSON["name"]))

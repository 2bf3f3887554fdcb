"""What people enter stands sealed in the database and nowhere else: not in a log, in DBOS's tables or in the audit."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from re import search

import pytest

from engine.commands.add_person import add_person
from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM, Grant
from engine.queries.waiting import open_tasks
from engine.store import tables as t
from engine.testing.databases import SqliteFiles
from tests.e2e.served import PASSWORD, TOWNSHIP, Served, bureau_on, prepare_bureau
from web.bench.browser import Browser

NAME, ID, PHONE, CARD = "欧阳慕容雪", "410721197712198077", "13987654321", "6222021234567890128"
ADDRESS, STORY, SECRET = "凤凰巷七十七号", "夜里起火烧毁了祖传木匾", "not-the-pass-word-77"
PLANTED = (NAME, ID, PHONE, CARD, ADDRESS, STORY, SECRET)
CLERK = "clerk"
PAGES = (
    {"applicant_name": NAME, "id_no": ID, "no_id_reason": "", "phone": PHONE, "place": ADDRESS},
    {"cause": "disaster", "event_date": "2026-09-22", "situation": STORY, "danger_now": "true", "long_difficulty": ""},
    {"persons": "2", "group": "其他", "requested": "600", "way": "transfer", "payee_name": NAME, "bank_account": CARD},
    {"consent_data": "true", "promise_true": "true"},
)  # fmt: skip
NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    address = sqlite_files.fresh("bureau", prepare_bureau)
    bureau = bureau_on(address)
    with bureau.write() as transaction:
        add_person(
            bureau, transaction, SYSTEM, login=CLERK, name="经办人甲", password=PASSWORD,
            grants=(Grant("township_operator", TOWNSHIP),),
        )  # fmt: skip
    bureau.database.dispose()
    made = Served(tmp_path / "server", address, departments=NOBODY_LISTENS)
    made.start()
    yield made
    made.kill()


def test_nothing_that_people_enter_leaves_the_sealed_columns(served):
    _apply(served)
    _work_at_the_desk(served)
    _send_what_is_refused(served)
    _let_a_department_be_away(served)
    served.stop()
    log = served.log.read_text("utf-8")
    stored = b"".join(
        path.read_bytes() for path in Path(served.database_url.removeprefix("sqlite:///")).parent.glob("*.db*")
    )
    assert [value for value in PLANTED if value in log] == []
    assert [value for value in PLANTED if value.encode() in stored] == []
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    events = {line["event"] for line in lines}
    assert {"request_answered", "job_failed"} <= events
    failed = next(line for line in lines if line["event"] == "job_failed")
    assert {"time", "level", "node", "case", "process", "element", "job"} <= failed.keys()
    completed = [line for line in lines if line.get("route") == "/desk/tasks/<int:task>" and line["method"] == "POST"]
    refused = next(line for line in completed if line["status"] == 422)
    assert {"request", "case", "number", "process", "ms"} <= refused.keys()


def _apply(served: Served) -> None:
    citizen = Browser(served.address)
    page = citizen.get("/apply/relief")
    page = citizen.post("/apply/relief", page.hidden | {"county": TOWNSHIP[:6], "go": "county"})
    page = citizen.post("/apply/relief", page.hidden | {"township": TOWNSHIP, "go": "township"})
    page = citizen.post("/apply/relief", page.hidden | PAGES[0] | {"id_no": ID[:-1] + "2", "phone": "1", "go": "next"})
    for answers in PAGES:
        page = citizen.post("/apply/relief", page.hidden | answers | {"go": "next"})
    page = citizen.post("/apply/relief", page.hidden | {"go": "submit"})
    number = search(r'class="number">([^<]+)<', page.text)
    assert number is not None, page.text
    asked = {"csrf": page.hidden.get("csrf") or citizen.get("/progress").hidden["csrf"], "phone": PHONE}
    assert citizen.post("/progress", asked | {"number": number[1]}).status == 200
    assert citizen.post("/progress", asked | {"number": NAME}).status in (200, 404, 422)
    citizen.close()


def _work_at_the_desk(served: Served) -> None:
    clerk = Browser(served.address)
    token = clerk.get("/sign-in").hidden["csrf"]
    assert clerk.post("/sign-in", {"csrf": token, "login": NAME, "password": SECRET}).status != 303
    assert clerk.post("/sign-in", {"csrf": token, "login": CLERK, "password": SECRET}).status != 303
    clerk.sign_in(CLERK, PASSWORD)
    for path in ("/desk/cases?q=" + ID, "/desk/?q=" + PHONE, f"/desk/cases/{ID}", f"/desk/tasks/{CARD}", f"/{SECRET}"):
        clerk.get(path)
    task = _task(served)
    page = clerk.get(f"/desk/tasks/{task}")
    for answers in (
        {"csrf": "made up", "note": STORY},
        page.hidden | {"do": "complete", "note": STORY, "phone": PHONE},
    ):
        assert clerk.post(f"/desk/tasks/{task}", answers).status in (403, 422)
    clerk.post(f"/desk/cases/{ID}/reveal", page.hidden | {"what": NAME, "reason": "x"})
    clerk.close()


def _task(served: Served) -> int:
    bureau = bureau_on(served.database_url)
    with bureau.read() as transaction:
        return open_tasks(transaction)[0].key


def _send_what_is_refused(served: Served) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    for path, headers, body in (
        (f"/v2/process-instances/{ID}", {"Authorization": f"Bearer {SECRET}"}, b""),
        ("/v2/messages/publication", {"Content-Type": "application/json"}, f'{{"name": "{NAME}", "{PHONE}"'.encode()),
        (f"/nowhere/{PHONE}?id={ID}", {"X-Request-Id": ID, "User-Agent": PHONE, "Referer": f"/{ID}"}, b""),
        ("/desk/tasks/1", {"Content-Type": "multipart/form-data; boundary=" + PHONE, "Cookie": "session=" + SECRET}, b"x"),
    ):  # fmt: skip
        connection.request("POST", path, body, headers)
        assert connection.getresponse().read() is not None
    connection.close()
    for garbage in (
        f"GET /{ID} HTTP/9.9\r\n\r\n",
        f"{PHONE} {ID}\r\n\r\n",
        f"POST / HTTP/1.1\r\nContent-Length: {ID}\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as line:
            line.sendall(garbage.encode())
            line.settimeout(2)
            try:
                line.recv(4096)
            except TimeoutError:
                continue


def _let_a_department_be_away(served: Served) -> None:
    bureau = bureau_on(served.database_url)
    values = {
        "amount": 5, "fund": "township", "purpose": "relief", "way": "transfer", "payee_name": NAME,
        "applicant_name": NAME, "bank_account": CARD,
    }  # fmt: skip
    with bureau.write() as transaction:
        begin_case(
            bureau, transaction, SYSTEM, Beginning(bureau.latest(transaction, "payment"), TOWNSHIP, values, "system")
        )
    until = time.monotonic() + 60
    while '"process":"payment"' not in served.log.read_text("utf-8"):
        assert time.monotonic() < until
        with bureau.write() as transaction:
            soon = t.job.update().where(t.job.c.status == "waiting", t.job.c.kind == "service")
            transaction.execute(soon.values(due_at=transaction.now))
        time.sleep(0.2)
    bureau.database.dispose()

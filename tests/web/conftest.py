"""A city with the real processes on a fresh database, people of some roles, and browsers without a screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.bundle import read_library
from engine.clock import SHANGHAI, FixedClock
from engine.commands.add_person import add_person
from engine.commands.sign_in import hash_password
from engine.commands.start_case import start_case
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from tests.web.applications import application_on
from web.dispatch import Application
from workflows.stage import BureauStage

LIBRARY = Path(__file__).parents[2] / "bpmn"
PASSWORD = "a long enough password"
HERE, ELSEWHERE = "410721102", "410702100"
PEOPLE = {
    "operator": ("township_operator", HERE),
    "colleague": ("township_operator", HERE),
    "stranger": ("township_operator", ELSEWHERE),
    "approver": ("township_approver", HERE),
    "county": ("county_operator", HERE[:6]),
    "decider": ("county_approver", HERE[:6]),
    "keeper": ("child_county_approver", HERE[:6]),
    "manager": ("manager", ""),
    "designer": ("designer", ""),
    "publisher": ("publisher", ""),
    "operations": ("operations", ""),
    "administrator": ("sys_admin", ""),
    "auditor": ("auditor", ""),
}


@cache
def _stage() -> BureauStage:
    return BureauStage(LIBRARY, read_library(LIBRARY))


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


class Browser:
    """A client that fills in and presses: tokens and hidden fields travel along as in a real one."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, address: str) -> TestResponse:
        return self._seen(self.client.get(address))

    def post(self, address: str, data: dict[str, object] | None = None, **fields: object) -> TestResponse:
        """Send fields with a fresh token, as the form of any page would."""
        if 'name="csrf"' not in self.page:
            self.get("/progress")
        sent = {"csrf": self.hidden("csrf"), **(data or {}), **fields}
        return self._seen(self.client.post(address, data=sent))

    def press(self, address: str, **fields: object) -> TestResponse:
        """Send the page's form: its hidden fields and these."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page))
        return self.post(address, {name: unescape(value) for name, value in hidden.items()}, **fields)

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found is not None, f"no hidden field {name}"
        return unescape(found[1])

    def sign_in(self, login: str) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", login=login, password=PASSWORD)
        # Signing in changes the token, so the forms seen before are of no use.
        self.page = "" if answer.status_code == 303 else self.page
        return answer

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code != 303:
            self.page = response.get_data(as_text=True)
        return response


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 9, 23, 9, 0, tzinfo=SHANGHAI))


@pytest.fixture
def runtime(clock: FixedClock) -> Iterator[Runtime]:
    with _stage().city(clock) as city:
        with city.write() as transaction:
            for login, (role, region) in PEOPLE.items():
                add_person(
                    city, transaction, SYSTEM, login=login, name=f"name of {login}", password=PASSWORD,
                    password_hash=_hashed(), grants=(Grant(role, region),),
                )  # fmt: skip
        yield city


@pytest.fixture
def app(runtime: Runtime) -> Application:
    return application_on(runtime)


@pytest.fixture
def browser(app: Application) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: Application) -> Callable[[str], Browser]:
    def enter(login: str) -> Browser:
        found = Browser(app.test_client())
        assert found.sign_in(login).status_code == 303
        return found

    return enter


ANSWERS = {
    "applicant_name": "刘桂兰", "id_no": "410721198001011231", "no_id_reason": "", "phone": "13800138000",
    "place": "小冀镇东街12号", "cause": "disaster", "event_date": "2026-09-22", "situation": "夜间失火，无处居住",
    "danger_now": "", "long_difficulty": "", "persons": "2", "group": "其他", "requested": "600", "way": "transfer",
    "payee_name": "刘桂兰", "bank_account": "6222021234567890128", "consent_data": "true", "promise_true": "true",
}  # fmt: skip


@pytest.fixture
def started(runtime: Runtime) -> str:
    """Return the number of an application made by phone in danger; its first task waits for the township."""
    return _apply(runtime, {**ANSWERS, "danger_now": "true"})


@pytest.fixture
def taken_down(runtime: Runtime) -> str:
    """Return the number of a small application that an operator wrote down; rules have sent it to the approver."""
    with runtime.write() as transaction:
        clerk = Actor(1, "operator", (Grant("township_operator", HERE),))
        values = {**ANSWERS, "danger_now": "true"}
        case = start_case(runtime, transaction, clerk, process="relief", region=HERE, values=values)
    return case.number


@pytest.fixture
def started_without_danger(runtime: Runtime) -> str:
    """Return the number of an application whose first task has a form with fields that depend on others."""
    return _apply(runtime, ANSWERS)


def _apply(runtime: Runtime, values: dict[str, str]) -> str:
    with runtime.write() as transaction:
        citizen = Actor(None, "citizen", channel="h5")
        case = start_case(runtime, transaction, citizen, process="relief", region=HERE, values=values, channel="h5")
    return case.number

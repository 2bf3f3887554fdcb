"""What a person reads when something cannot be done."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, Text
from engine.runtime import Runtime
from web import permissions
from web.app import create_app
from web.dispatch import Application

CASES = [(NotFound, 404), (Conflict, 409), (Forbidden, 403), (Invalid, 422)]


@pytest.fixture
def app(runtime: Runtime) -> Application:
    """Return an application of the test's own: it gets a page that fails."""
    return create_app(runtime)


@pytest.fixture
def failing(app: Application, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return an application with a page that raises what the test puts into its config."""
    monkeypatch.setattr("web.dispatch.PERMISSIONS", {**permissions.PERMISSIONS, "fail": permissions.PUBLIC})

    def fail() -> str:
        raise app.config["TO_RAISE"]

    app.add_url_rule("/fail", "fail", fail)
    return app


@pytest.mark.parametrize(("kind", "status"), CASES)
def test_a_rejection_has_its_status_and_its_sentence(failing: Flask, kind: type[Rejected], status: int) -> None:
    failing.config["TO_RAISE"] = kind(Text("这一句话。", "This very sentence."))
    client = failing.test_client()
    answer = client.get("/fail")
    assert answer.status_code == status
    assert "这一句话。" in answer.get_data(as_text=True)
    english = client.get("/fail", headers={"Accept-Language": "en"})
    assert "This very sentence." in english.get_data(as_text=True)


def test_an_accident_has_a_number_and_the_log_holds_no_data(failing: Flask, caplog: pytest.LogCaptureFixture) -> None:
    failing.config["TO_RAISE"] = ValueError("id 410721198001011231 of 刘桂兰")
    with caplog.at_level(logging.ERROR, logger="doudi"):
        answer = failing.test_client().get("/fail")
    assert answer.status_code == 500
    page = answer.get_data(as_text=True)
    number = re.search(r"编号 ([0-9A-F]{8})", page)
    assert number is not None
    assert number[1] in caplog.text
    assert "ValueError" in caplog.text
    assert "410721198001011231" not in caplog.text + page
    assert "刘桂兰" not in caplog.text + page


def test_an_unknown_address_says_what_to_do(browser: object) -> None:
    answer = browser.get("/nothing/here")
    assert answer.status_code == 404
    assert "回到首页" in answer.get_data(as_text=True)


def test_an_address_of_a_button_cannot_be_opened(browser: object) -> None:
    answer = browser.get("/sign-out")
    assert answer.status_code == 405
    assert answer.headers["Allow"]


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(app: Application) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = app.test_client().post("/progress", data={"number": "1" * 2000})
    assert answer.status_code == 413
    assert "大小限制" in answer.get_data(as_text=True)

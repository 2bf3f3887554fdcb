"""What a monitoring system reads: protected, every line documented, no person and no case in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine.commands.add_token import add_token
from engine.model import SYSTEM, Grant
from web.app import create_app
from web.dispatch import Application

MANUAL = Path(__file__).parents[2] / "docs/manual/operators.md"
Scrape = Callable[[], dict[str, dict[tuple[str, ...], float]]]


@pytest.fixture
def near(runtime) -> Application:
    return create_app(replace(runtime, settings=replace(runtime.settings, metrics_from=("127.0.0.0/8",))))


@pytest.fixture
def scrape(near) -> Scrape:
    def read() -> dict[str, dict[tuple[str, ...], float]]:
        answer = near.test_client().get("/metrics")
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/plain")
        return families_of(answer.get_data(as_text=True))

    return read


def families_of(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    return {
        family.name: {
            (sample.name.removeprefix(family.name), *sample.labels.values()): sample.value for sample in family.samples
        }
        for family in text_string_to_metric_families(text)
    }


def test_every_line_is_explained_in_the_manual_and_nothing_else_is(scrape, started):
    told = set(re.findall(r"^\| `(doudi_\w+)`", MANUAL.read_text("utf-8"), re.MULTILINE))
    assert told == set(scrape())


def test_cases_tasks_and_nodes_are_counted(scrape, started, clock):
    before = scrape()
    assert before["doudi_cases"][("", "relief", "open")] == 1
    assert before["doudi_tasks_open"][("", "relief")] == 1
    assert before["doudi_tasks_overdue"] == {}
    clock.advance(timedelta(days=400))
    after = scrape()
    assert after["doudi_tasks_overdue"][("", "relief")] == 1
    assert after["doudi_timers"][("", "due")] > 0
    assert after["doudi_due_lag_seconds"][("",)] > 0
    assert 0 < after["doudi_oldest_due_timestamp_seconds"][("",)] < clock.now().timestamp()


def test_answers_are_measured_by_route_not_by_address(near, scrape, started):
    client = near.test_client()
    for _ in range(3):
        client.get("/desk/cases/410721198001011231")
    client.get("/nothing/here/410721198001011231")
    client.open("/progress", method="刘桂兰".encode().hex())
    measured = scrape()["doudi_http_request_seconds"]
    assert measured[("_count", "GET", "/desk/cases/<int:case>", "3xx")] == 3
    assert measured[("_count", "GET", "none", "4xx")] == 1
    assert measured[("_count", "OTHER", "none", "4xx")] == 1
    assert "410721198001011231" not in str(measured)


def test_figures_are_for_allowed_addresses_and_tokens_with_the_right(app, runtime):
    client = app.test_client()
    assert client.get("/metrics").status_code == 401
    with runtime.write() as transaction:
        secrets = [
            add_token(
                runtime, transaction, SYSTEM, name=role, login="", grants=(Grant(role, ""),), days=30
            ).secret
            for role in ("operations", "manager")
        ]  # fmt: skip
    found = [client.get("/metrics", headers={"Authorization": f"Bearer {secret}"}).status_code for secret in secrets]
    assert found == [200, 401]

"""What a page of a list or an activation of jobs asks of the database does not grow with what it brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from web.api.table import OPERATIONS

from .test_requests import begin

FEW, MANY = 2, 7
MOST = 12
# What is in force is looked at again once a second.
LOOK = 1
WHO = {"search_jobs": "operations", "search_incidents": "operations"}
LISTS = [
    "search_process_definitions", "search_decision_definitions", "search_process_instances",
    "search_element_instances", "search_user_tasks", "search_jobs", "search_incidents",
]  # fmt: skip


@pytest.fixture
def statements(runtime):
    """Return a block that collects the statements of what is done within."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        seen: list[str] = []

        def see(_connection, _cursor, statement, *_given) -> None:
            seen.append(statement)

        sa.event.listen(runtime.database.engine, "before_cursor_execute", see)
        yield seen
        sa.event.remove(runtime.database.engine, "before_cursor_execute", see)

    return counted


def _take(program, most):
    request = {"type": "courier.fetch", "timeout": 60_000, "maxJobsToActivate": most, "requestTimeout": -1}
    return program("courier").post("/jobs/activation", request).json["jobs"]


def _prepare(program, cases):
    """Every other job is done, every other one fails, so that there are tasks and incidents to list."""
    for number in range(2 * cases):
        begin(program("clerk"), goods=f"货{number}")
    for at, job in enumerate(_take(program, 2 * cases)):
        word, body = ("completion", {}) if at % 2 else ("failure", {"retries": 0})
        assert program("courier").post(f"/jobs/{job['jobKey']}/{word}", body).status_code == 204


@pytest.mark.parametrize("name", LISTS)
def test_a_page_takes_as_many_statements_for_many_rows_as_for_few(program, statements, name):
    path = next(operation.path for operation in OPERATIONS if operation.name == name)
    sender = program(WHO.get(name, "clerk"))
    _prepare(program, FEW)
    sender.post(path)
    with statements() as few:
        short = sender.post(path).json["items"]
    _prepare(program, MANY)
    with statements() as many:
        long = sender.post(path).json["items"]
    assert len(many) <= min(len(few) + LOOK, MOST), many
    assert len(long) >= len(short) + (0 if "definitions" in name else MANY)


def test_taking_many_jobs_takes_as_many_statements_as_taking_few(program, statements):
    for _ in range(FEW + MANY):
        begin(program("clerk"))
    _take(program, 1)
    with statements() as few:
        assert len(_take(program, 1)) == FEW - 1
    with statements() as many:
        assert len(_take(program, MANY)) == MANY
    assert len(many) <= min(len(few) + LOOK, MOST), many

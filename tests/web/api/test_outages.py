"""P12 for programs: the database that goes away while one is answered is told, nothing is lost, and then it works."""

from __future__ import annotations

from contextlib import closing
from sqlite3 import connect

import pytest
import sqlalchemy as sa

from engine.commands import jobs as command
from engine.store import tables as t

from .test_requests import PROBLEM, begin


@pytest.fixture
def taken(program):
    """Return the address of a job that the courier's program holds."""
    begin(program("clerk"))
    request = {"type": "courier.fetch", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": -1}
    [job] = program("courier").post("/jobs/activation", request).json["jobs"]
    return f"/jobs/{job['jobKey']}"


def _expect_outage(answer):
    assert (answer.status_code, answer.content_type) == (503, PROBLEM)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Expected the database to answer" in answer.json["detail"]


def _open_tasks(runtime):
    with runtime.read() as transaction:
        return list(transaction.execute(sa.select(t.user_task.c.element)).scalars())


def _expect_to_be_taken(runtime, program, taken):
    assert _open_tasks(runtime) == []
    assert program("courier").post(f"{taken}/completion").status_code == 204
    assert _open_tasks(runtime) == ["sign"]
    assert program("courier").post(f"{taken}/completion").status_code == 409


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("times", [2, 5])
def test_a_request_that_gives_way_to_another_is_done_anew_before_the_worker_hears_of_it(runtime, program, taken, times):
    left = [times]

    def give_way(_connection, cursor, statement, *_given):
        if statement.startswith("INSERT INTO audit ") and left[0] > 0:
            left[0] -= 1
            cursor.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")

    sa.event.listen(runtime.database.engine, "before_cursor_execute", give_way)
    answer = program("courier").post(f"{taken}/completion")
    assert left == [0]
    if times == 2:
        assert (answer.status_code, _open_tasks(runtime)) == (204, ["sign"])
    else:
        _expect_outage(answer)
        _expect_to_be_taken(runtime, program, taken)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("word", ["completion", "failure", "error"])
def test_a_database_that_goes_while_a_worker_answers_is_told_and_the_answer_counts_later(
    runtime, program, taken, postgres_server, monkeypatch, word
):
    step, retry = command.take_step, command.jobs.retry_at

    def then_cut(work):
        def do(*given, **named):
            work(*given, **named)
            _cut_everybody(runtime, postgres_server)

        return do

    monkeypatch.setattr(command, "take_step", then_cut(step))
    monkeypatch.setattr(command.jobs, "retry_at", then_cut(retry))
    body = {"completion": {}, "failure": {"retries": 0}, "error": {"errorCode": "REFUSED"}}[word]
    _expect_outage(program("courier").post(f"{taken}/{word}", body))
    monkeypatch.undo()
    _expect_to_be_taken(runtime, program, taken)


def _cut_everybody(runtime, server):
    admin = sa.create_engine(server.address)
    with admin.connect() as connection:
        ended = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(ended, {"name": sa.make_url(runtime.database.url).database})
    admin.dispose()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_locked_database_is_told_and_the_answer_counts_later(runtime, program, taken):
    path = runtime.database.url.removeprefix("sqlite:///")
    with closing(connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        runtime.database.engine.dispose()
        sa.event.listen(runtime.database.engine, "checkout", _impatient)
        _expect_outage(program("courier").post(f"{taken}/completion"))
        _expect_outage(begin(program("clerk")))
        other.execute("ROLLBACK")
    _expect_to_be_taken(runtime, program, taken)


def _impatient(connection, _record, _proxy):
    connection.execute("PRAGMA busy_timeout = 100")

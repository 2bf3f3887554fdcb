"""P12: a database that goes away, is locked or full is told; nothing half is stored, and the next request works."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from sqlite3 import connect

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.commands import complete_task as command
from engine.commands.complete_task import complete_task
from engine.store import tables as t

TOWNSHIP = "410721101"
ROOMY = 2**30


def _stored(runtime) -> dict[str, int]:
    with runtime.read() as transaction:
        tables = (t.activity, t.audit, t.case, t.job, t.user_task, t.variable)
        return {
            table.name: transaction.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables
        }


@pytest.fixture
def visit(desk, staff):
    """Return a clerk, a case, and how the clerk completes its open task."""
    clerk = staff.person("clerk", TOWNSHIP)
    case = desk.start(clerk, "tour", TOWNSHIP, route="甲线").key

    def complete() -> None:
        row = desk.task(case, "visit")
        desk.do(complete_task, clerk, task=row.key, revision=row.revision, values={"seen": "1"})

    return complete


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_connection_that_is_cut_during_a_completion_loses_nothing(runtime, visit, postgres_server, monkeypatch):
    before = _stored(runtime)
    step = command.take_step

    def step_then_cut(*given: object) -> None:
        step(*given)
        _cut_everybody(runtime, postgres_server)

    monkeypatch.setattr(command, "take_step", step_then_cut)
    with pytest.raises(DBAPIError):
        visit()
    monkeypatch.undo()
    assert _stored(runtime) == before
    visit()
    assert _stored(runtime)["activity"] > before["activity"]


def _cut_everybody(runtime, server) -> None:
    name = sa.make_url(runtime.database.url).database
    admin = sa.create_engine(server.address)
    with admin.connect() as connection:
        ended = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(ended, {"name": name})
    admin.dispose()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_connections_that_were_cut_while_nobody_looked_are_not_noticed(runtime, visit, postgres_server):
    _cut_everybody(runtime, postgres_server)
    visit()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_and_nothing_is_stored(runtime, desk, staff, visit):
    clerk = staff.person("clerk", TOWNSHIP)
    before = _stored(runtime)["case_instance"]
    started: list[int] = []
    with _every_connection_limited_to(runtime, pages=1), pytest.raises(OperationalError, match="full"):
        _start_many(desk, clerk, started)
    assert _stored(runtime)["case_instance"] == before + len(started)
    with _every_connection_limited_to(runtime, pages=ROOMY):
        visit()


def _start_many(desk, clerk, started: list[int]) -> None:
    started.extend(desk.start(clerk, "tour", TOWNSHIP, route="乙线" * 20).key for _ in range(500))


@contextmanager
def _every_connection_limited_to(runtime, pages: int) -> Iterator[None]:
    """SQLite refuses to grow beyond so many pages, as on a full disk; it is never fewer than it has."""

    def limit(connection, _record, _proxy) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine = runtime.database.engine
    engine.dispose()
    sa.event.listen(engine, "checkout", limit)
    yield
    sa.event.remove(engine, "checkout", limit)
    engine.dispose()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_locked_database_is_waited_for_and_then_told(runtime, visit, monkeypatch):
    before = _stored(runtime)
    path = runtime.database.url.removeprefix("sqlite:///")
    with closing(connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
        timer.start()
        began = time.monotonic()
        visit()
        assert time.monotonic() - began > 0.2
        timer.join()
        other.execute("BEGIN IMMEDIATE")
        runtime.database.engine.dispose()
        sa.event.listen(runtime.database.engine, "checkout", _impatient)
        kept = _stored(runtime)
        with pytest.raises(OperationalError, match="locked"):
            visit()
        other.execute("ROLLBACK")
    assert kept["activity"] > before["activity"]
    assert _stored(runtime) == kept
    visit()


def _impatient(connection, _record, _proxy) -> None:
    connection.execute("PRAGMA busy_timeout = 200")

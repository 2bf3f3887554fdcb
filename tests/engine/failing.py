"""Lets the database fail, or the process die, at each statement and at the commit of what a test does."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from engine.queries.invariants import scan_invariants
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.transaction import Database


class Broken(Exception):
    """The database went away."""


@contextmanager
def failing_at(database: Database, number: int, after: bool) -> Iterator[None]:
    """Let the n-th statement fail, before the database ran it or after; the commit counts as the last one."""
    seen = 0

    def count(*_args: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Broken

    names = ["after_cursor_execute" if after else "before_cursor_execute", "commit"]
    for name in names:
        event.listen(database.engine, name, count)
    try:
        yield
    finally:
        for name in names:
            event.remove(database.engine, name, count)


def everything(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    """Return every row of every table."""
    with database.read() as transaction:
        return {
            name: {tuple(row) for row in transaction.execute(sa.select(table))}
            for name, table in t.metadata.tables.items()
        }


def fails_cleanly_everywhere(runtime: Runtime, act: Callable[[], object], after: bool, *, dies: bool = False) -> int:
    """Return at how many points ``act`` was made to fail before it went through.

    With ``dies`` a process that did it is killed first, when only the commit is missing.
    """
    before = everything(runtime.database)
    if dies:
        killed_at(runtime, act, AT_THE_COMMIT)
    for number in range(1, 100):
        try:
            with failing_at(runtime.database, number, after):
                act()
        except Broken:
            assert everything(runtime.database) == before, f"statement {number} left something behind"
            continue
        assert everything(runtime.database) != before
        assert scan_invariants(runtime) == ()
        return number - 1
    raise AssertionError("it never went through")


def dies_cleanly_everywhere(runtime: Runtime, act: Callable[[], object]) -> int:
    """Return at how many points a process that does it can die; it is killed half-way, at the commit, and right after."""
    before = everything(runtime.database)
    points = killed_at(runtime, act, AT_THE_COMMIT)
    killed_at(runtime, act, points // 2 + 1)
    assert everything(runtime.database) == before
    assert scan_invariants(runtime) == ()
    killed_at(runtime, act, AFTER_THE_COMMIT)
    assert everything(runtime.database) != before
    assert scan_invariants(runtime) == ()
    return points + 2


AT_THE_COMMIT, AFTER_THE_COMMIT = -1, -2


def killed_at(runtime: Runtime, act: Callable[[], object], number: int) -> int:
    """Let a process of its own do it and be killed at the n-th statement, the commit or right after the commit.

    Return how many statements there were until then.
    """
    # A connection must not be shared by two processes.
    runtime.database.dispose()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _do_and_die(runtime, act, number, writer)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as told:
        statements = len(told.read())
    assert os.WIFSIGNALED(status), "it ended before it was killed"
    _until_nobody_is_connected(runtime)
    return statements


def _do_and_die(runtime: Runtime, act: Callable[[], object], number: int, writer: int) -> None:
    seen = 0

    def count(*_args: Any) -> None:
        nonlocal seen
        seen += 1
        os.write(writer, b".")
        if seen == number:
            _die()

    dialect: Any = runtime.database.engine.dialect
    commit = dialect.do_commit

    def commit_and_die(connection: Any) -> None:
        if number == AFTER_THE_COMMIT:
            commit(connection)
        _die()

    try:
        dialect.do_commit = commit_and_die
        event.listen(runtime.database.engine, "before_cursor_execute", count)
        act()
    finally:
        os._exit(1)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _until_nobody_is_connected(runtime: Runtime) -> None:
    """PostgreSQL hears of a death a moment later; until then the dead keep their locks."""
    others = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'")
    while not runtime.database.sqlite:
        with runtime.read() as transaction:
            if transaction.execute(others).scalar_one() == 1:
                return
        time.sleep(0.005)

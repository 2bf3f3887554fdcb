"""Lets the database fail at each statement and at the commit of what a test does."""

from __future__ import annotations

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


def fails_cleanly_everywhere(runtime: Runtime, act: Callable[[], object], after: bool) -> int:
    """Return at how many points ``act`` was made to fail before it went through."""
    before = everything(runtime.database)
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

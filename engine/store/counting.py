"""Counts what a thread asks of the database, so that a bench or a test can hold a command to its promise."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from engine.store.transaction import Database

_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Counts:
    """Statements (a batch is one, BEGIN and COMMIT are none) and commits."""

    statements: int
    commits: int


class Counter(threading.local):
    """What the calling thread has asked for since it last took its counts."""

    statements = 0
    commits = 0

    def take(self) -> Counts:
        """Return this thread's counts and begin again at zero."""
        taken = Counts(self.statements, self.commits)
        self.statements = self.commits = 0
        return taken


def counting(database: Database) -> Counter:
    """Return a counter of everything asked of the database from now on."""
    counter = Counter()

    def asked(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_FRAMES):
            counter.statements += 1

    def committed(_connection: object) -> None:
        counter.commits += 1

    event.listen(database.engine, "before_cursor_execute", asked)
    event.listen(database.engine, "commit", committed)
    return counter

"""The queries the sources received, in the departments' own file: each once per key, without names or numbers of people."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_TABLES = (
    "CREATE TABLE IF NOT EXISTS query (key TEXT PRIMARY KEY, source TEXT, request_no TEXT, purpose TEXT, "
    "members INTEGER, manner TEXT, tries INTEGER, answered INTEGER, at TEXT)",
    "CREATE TABLE IF NOT EXISTS reminder (key TEXT PRIMARY KEY, source TEXT, request_no TEXT, at TEXT)",
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it first arrived."""

    key: str
    source: str
    request_no: str
    purpose: str
    members: int


class Queries:
    """Queries and reminders, each at most once per key."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.Lock()
        for statement in ("PRAGMA journal_mode=WAL", *_TABLES):
            self._do(statement)

    def keep(self, query: Query, manner: str) -> str:
        """Return how the query is treated: a new one in the manner given, a known one as from its first try on."""
        self._do("INSERT OR IGNORE INTO query VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)", *astuple(query), manner, _now())
        return str(self._do("SELECT manner FROM query WHERE key = ?", query.key)[0]["manner"])

    def tried(self, key: str) -> int:
        """Return how often the query was asked, this time included."""
        return int(self._do("UPDATE query SET tries = tries + 1 WHERE key = ? RETURNING tries", key)[0]["tries"])

    def answered(self, key: str) -> None:
        """Note that the query has its answer."""
        self._do("UPDATE query SET answered = 1 WHERE key = ?", key)

    def remind(self, key: str, source: str, request_no: str) -> None:
        """Keep a reminder."""
        self._do("INSERT OR IGNORE INTO reminder VALUES (?, ?, ?, ?)", key, source, request_no, _now())

    def queries(self, limit: int = 200) -> Sequence[Mapping[str, Any]]:
        """Return the last queries, newest first."""
        return self._do("SELECT * FROM query ORDER BY rowid DESC LIMIT ?", limit)

    def reminders(self, limit: int = 200) -> Sequence[Mapping[str, Any]]:
        """Return the last reminders, newest first."""
        return self._do("SELECT * FROM reminder ORDER BY rowid DESC LIMIT ?", limit)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _do(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        with self._lock, closing(self._connection.cursor()) as cursor:
            return [dict(row) for row in cursor.execute(statement, values).fetchall()]


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")

"""What the simulated departments remember, in a file of their own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

_TABLES = (
    "CREATE TABLE IF NOT EXISTS transfer (key TEXT PRIMARY KEY, payment TEXT, fen INTEGER, payee TEXT, account TEXT, at TEXT)",
    "CREATE TABLE IF NOT EXISTS message (key TEXT PRIMARY KEY, recipient TEXT, text TEXT, at TEXT)",
    "CREATE TABLE IF NOT EXISTS status (key TEXT PRIMARY KEY, id_no TEXT, benefit TEXT, status TEXT, since TEXT, at TEXT)",
)


class Ledger:
    """Transfers and messages, each at most once per key."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._lock = threading.Lock()
        self._connection.row_factory = sqlite3.Row
        for statement in ("PRAGMA journal_mode=WAL", *_TABLES):
            self._connection.execute(statement)

    def known_transfer(self, key: str) -> str | None:
        """Return the bank's reference of a transfer made under this key, None when there is none."""
        with self._cursor() as cursor:
            row = cursor.execute("SELECT rowid FROM transfer WHERE key = ?", (key,)).fetchone()
        return _reference(row["rowid"]) if row else None

    def transfer(self, key: str, order: Mapping[str, str]) -> str:
        """Return the bank's reference; a key that was used before moves no money again."""
        fen = int(Decimal(order["amount"]) * 100)
        row = (key, order["payment"], fen, order["payee_name"], order["bank_account"], _now())
        with self._cursor() as cursor:
            cursor.execute("INSERT OR IGNORE INTO transfer VALUES (?, ?, ?, ?, ?, ?)", row)
            found = cursor.execute("SELECT rowid FROM transfer WHERE key = ?", (key,)).fetchone()
        return _reference(found["rowid"])

    def message(self, key: str, recipient: str, text: str) -> None:
        """Keep a text message, once per key."""
        with self._cursor() as cursor:
            cursor.execute("INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?)", (key, recipient, text, _now()))

    def status(self, key: str, told: Mapping[str, str]) -> None:
        """Keep what was told of a person's status in a programme, once per key."""
        row = (key, told["id_no"], told["benefit"], told["status"], told["since"], _now())
        with self._cursor() as cursor:
            cursor.execute("INSERT OR IGNORE INTO status VALUES (?, ?, ?, ?, ?, ?)", row)

    def statuses(self, limit: int = 200) -> list[dict[str, Any]]:
        """Return the last statuses, newest first."""
        return self._newest("SELECT * FROM status ORDER BY rowid DESC LIMIT ?", limit)

    def transfers(self, limit: int = 200) -> list[dict[str, Any]]:
        """Return the last transfers, newest first."""
        rows = self._newest("SELECT rowid, * FROM transfer ORDER BY rowid DESC LIMIT ?", limit)
        return [{**row, "reference": _reference(row["rowid"])} for row in rows]

    def messages(self, limit: int = 200) -> list[dict[str, Any]]:
        """Return the last messages, newest first."""
        return self._newest("SELECT * FROM message ORDER BY rowid DESC LIMIT ?", limit)

    def bank_total(self) -> Decimal:
        """Return the yuan the bank moved in all."""
        with self._cursor() as cursor:
            (total,) = cursor.execute("SELECT COALESCE(SUM(fen), 0) FROM transfer").fetchone()
        return Decimal(total).scaleb(-2)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _newest(self, query: str, limit: int) -> list[dict[str, Any]]:
        with self._cursor() as cursor:
            return [dict(row) for row in cursor.execute(query, (limit,))]

    @contextmanager
    def _cursor(self) -> Iterator[sqlite3.Cursor]:
        with self._lock:
            cursor = self._connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()


def _reference(rowid: int) -> str:
    return f"YH{rowid:010d}"


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")

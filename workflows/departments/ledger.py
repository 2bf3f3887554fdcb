"""What the simulated departments remember, in a file of their own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

_TABLES = (
    "CREATE TABLE IF NOT EXISTS transfer (key TEXT PRIMARY KEY, payment TEXT, fen INTEGER, payee TEXT, account TEXT, at TEXT)",
    "CREATE TABLE IF NOT EXISTS batch (key TEXT PRIMARY KEY, state TEXT)",
    "CREATE TABLE IF NOT EXISTS batch_part (batch TEXT, part INTEGER, text TEXT, PRIMARY KEY (batch, part))",
    "CREATE TABLE IF NOT EXISTS batch_line (batch TEXT, number INTEGER, fen INTEGER, reason TEXT, PRIMARY KEY (batch, number))",
    "CREATE TABLE IF NOT EXISTS message (key TEXT PRIMARY KEY, recipient TEXT, text TEXT, at TEXT)",
    "CREATE TABLE IF NOT EXISTS status (key TEXT PRIMARY KEY, id_no TEXT, benefit TEXT, status TEXT, since TEXT, at TEXT)",
)


class Order(NamedTuple):
    """One payment of a file; ``wrong`` is why it cannot be paid, empty where it can."""

    number: int
    line: str
    payee: str
    account: str
    fen: int
    wrong: str


class Executed(NamedTuple):
    """What became of a file: what was paid, and the numbers of the lines that were not, with the reason."""

    lines: int
    fen: int
    returned: list[tuple[int, str]]


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

    def keep_part(self, batch: str, part: int, text: str) -> None:
        """Keep a part of a file, once."""
        with self._cursor() as cursor:
            cursor.execute("INSERT OR IGNORE INTO batch_part VALUES (?, ?, ?)", (batch, part, text))

    def parts(self, batch: str) -> list[str]:
        """Return the file's parts in order."""
        with self._cursor() as cursor:
            rows = cursor.execute("SELECT text FROM batch_part WHERE batch = ? ORDER BY part", (batch,))
            return [row["text"] for row in rows]

    def accept(self, batch: str) -> str:
        """Return the bank's reference of a file that was closed."""
        with self._cursor() as cursor:
            cursor.execute("INSERT OR IGNORE INTO batch VALUES (?, 'accepted')", (batch,))
            found = cursor.execute("SELECT rowid FROM batch WHERE key = ?", (batch,)).fetchone()
        return f"PL{found['rowid']:010d}"

    def may_execute(self, batch: str) -> bool:
        """Return whether the file was closed and not recalled."""
        with self._cursor() as cursor:
            return self._batch_state(cursor, batch) in ("accepted", "executed")

    def recall(self, batch: str) -> bool:
        """Return whether the file will not be executed."""
        with self._cursor() as cursor:
            cursor.execute("UPDATE batch SET state = 'recalled' WHERE key = ? AND state = 'accepted'", (batch,))
            return self._batch_state(cursor, batch) == "recalled"

    def executed(self, batch: str, orders: Iterable[Order]) -> Executed:
        """Return what became of a file; executed again it moves no money again."""
        with self._cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            for number, line, payee, account, fen, wrong in orders:
                cursor.execute("INSERT OR IGNORE INTO batch_line VALUES (?, ?, ?, ?)", (batch, number, fen, wrong))
                if not wrong:
                    row = (f"{batch}/{line}", line, fen, payee, account, _now())
                    cursor.execute("INSERT OR IGNORE INTO transfer VALUES (?, ?, ?, ?, ?, ?)", row)
            cursor.execute("UPDATE batch SET state = 'executed' WHERE key = ?", (batch,))
            cursor.execute("COMMIT")
            good = "SELECT COUNT(*), COALESCE(SUM(fen), 0) FROM batch_line WHERE batch = ? AND reason = ''"
            lines, total = cursor.execute(good, (batch,)).fetchone()
            bad = "SELECT number, reason FROM batch_line WHERE batch = ? AND reason <> '' ORDER BY number"
            return Executed(lines, total, [(row["number"], row["reason"]) for row in cursor.execute(bad, (batch,))])

    def paid_by(self, batch: str) -> int:
        """Return the fen that the file's payments moved, added up from the transfers themselves."""
        with self._cursor() as cursor:
            query = "SELECT COALESCE(SUM(fen), 0) FROM transfer WHERE key LIKE ?"
            (total,) = cursor.execute(query, (f"{batch}/%",)).fetchone()
        return int(total)

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

    def _batch_state(self, cursor: sqlite3.Cursor, batch: str) -> str | None:
        row = cursor.execute("SELECT state FROM batch WHERE key = ?", (batch,)).fetchone()
        return row["state"] if row else None

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

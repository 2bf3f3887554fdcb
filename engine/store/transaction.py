"""The one commit point: a unit of work on SQLite or PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from engine.clock import Clock
from engine.store.migrations import can_serve, expect_newest, upgrade

Kept = TypeVar("Kept")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
)
# PostgreSQL rolled the transaction back so that another could go on: the same work done anew is the remedy.
_GAVE_WAY = frozenset({"40001", "40P01"})
# More than the program has, so that each is compiled once.
_STATEMENTS = 3_000
_CONNECTS_WITHIN = 10
_PAUSES = (0.01, 0.03, 0.1, 0.3)


class Transaction:
    """One unit of work; everything written through it commits together or not at all."""

    def __init__(self, connection: sa.Connection, clock: Clock, writable: bool) -> None:
        self.connection = connection
        self.writable = writable
        self.now = clock.now()
        self.wall: datetime = clock.wall()
        self.requested_cases: list[tuple[str, str, Mapping[str, Any]]] = []
        self.holds_places = False
        self.deliveries = 0
        # Restricted cases that were looked into: whoever answers the request writes down that they were.
        self.opened_cases: set[int] = set()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def postgresql(self) -> bool:
        """Return whether the database is PostgreSQL."""
        return self.connection.dialect.name == "postgresql"

    def execute(self, statement: sa.Executable, parameters: Parameters = None) -> sa.CursorResult[Any]:
        """Return the result of one statement; a list of parameters runs as one batch."""
        return self.connection.execute(statement, parameters)

    def first(self, kind: type[Kept], statement: sa.Executable, parameters: Parameters = None) -> Kept | None:
        """Return the first row as an object of ``kind``, whose fields stand in the order of the columns."""
        row = self.connection.execute(statement, parameters).first()
        return None if row is None else kind(*tuple(row))

    def every(self, kind: type[Kept], statement: sa.Executable, parameters: Parameters = None) -> list[Kept]:
        """Return every row as an object of ``kind``."""
        return [kind(*tuple(row)) for row in self.connection.execute(statement, parameters)]

    def insert(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows in one batch; none is fine."""
        if rows:
            self.connection.execute(_insert_into(table), list(rows))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block wrote when it raises, and nothing else of this transaction."""
        callbacks, requested = len(self._callbacks), list(self.requested_cases)
        # PostgreSQL gives back the locks taken since, the advisory ones too.
        counted = self.holds_places, self.deliveries
        try:
            with self.connection.begin_nested():
                yield
        except Exception:
            del self._callbacks[callbacks:]
            self.requested_cases = requested
            self.holds_places, self.deliveries = counted
            raise

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call this once the work is durable; never when it was rolled back."""
        self._callbacks.append(callback)

    def request_case(self, process: str, region: str, values: Mapping[str, Any]) -> None:
        """Ask for another case to be started in this same transaction, after the step."""
        self.requested_cases.append((process, region, values))

    def committed(self) -> None:
        """Run what waited for the commit."""
        for callback in self._callbacks:
            callback()


@cache
def _insert_into(table: sa.Table) -> sa.Insert:
    """Built once per table: its place in the cache of compiled statements is found without going through it again."""
    return table.insert()


class Database:
    """A database that hands out transactions; an ``engine`` that is given connects to it and knows its statements."""

    def __init__(self, url: str, clock: Clock, *, pool_size: int = 20, engine: sa.Engine | None = None) -> None:
        self.url = url
        self.clock = clock
        self.engine = engine or _engine(url, pool_size)
        self.sqlite = self.engine.dialect.name == "sqlite"
        # One snapshot for all statements of a reader; SQLite's readers have it anyway.
        snapshot = {} if self.sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(read_only=True, **snapshot)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Yield a transaction that commits at the end of the block, or rolls back when the block raises."""
        with self._begun() as transaction:
            yield transaction
        transaction.committed()

    def attempt(self, work: Callable[[Transaction], Kept]) -> Kept:
        """Return what the work returns, committed; it is done anew when the database made it give way to another.

        Nothing of a transaction that gave way is stored, so doing it again is safe; after five times the error is told.
        """
        for pause in (*_PAUSES, None):
            try:
                with self._begun() as transaction:
                    done = work(transaction)
            except DBAPIError as error:
                if pause is None or not gave_way(error):
                    raise
                # Both of two that met would meet again after equal pauses.
                time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load, guards nothing
            else:
                break
        transaction.committed()
        return done

    @contextmanager
    def _begun(self) -> Iterator[Transaction]:
        with self.engine.connect() as connection, connection.begin():
            yield Transaction(connection, self.clock, writable=True)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Yield a transaction that sees one consistent state and never waits for writers."""
        with self._reader.connect() as connection:
            yield Transaction(connection, self.clock, writable=False)
            connection.rollback()

    def migrate(self, joined: Sequence[Path] = ()) -> None:
        """Bring the schema to the newest version of the engine and of the joined branches of migrations.

        Raises Conflict when a newer version of the program has been here.
        """
        # Nodes of the version before work on meanwhile: its locks and theirs may cross.
        self.attempt(lambda transaction: upgrade(transaction.connection, joined))

    def expect_newest(self, joined: Sequence[Path] = ()) -> None:
        """Raise Conflict unless the schema is the one this version of the program makes."""
        with self.read() as transaction:
            expect_newest(transaction.connection, joined)

    def can_serve(self, joined: Sequence[Path] = ()) -> bool:
        """Return whether this version of the program can work on the schema as it is."""
        with self.read() as transaction:
            return can_serve(transaction.connection, joined)

    def analyse(self) -> None:
        """Let the database count its rows anew after many came at once, as it does by itself in time."""
        with self.write() as transaction:
            transaction.execute(sa.text("ANALYZE"))

    def connections(self) -> tuple[int, int]:
        """Return how many connections of the pool are in use, and how many there may be at most."""
        pool = self.engine.pool
        if not isinstance(pool, sa.pool.QueuePool):
            return 0, 1
        return pool.checkedout(), pool.size() + pool._max_overflow

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def gave_way(error: BaseException) -> bool:
    """Return whether the database threw a transaction away for another's sake: a deadlock, or no serial order."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _GAVE_WAY


def is_outage(error: BaseException) -> bool:
    """Return whether the database is to blame, not what it was asked: gone, full, locked."""
    return isinstance(error, OperationalError | InterfaceError)


def _engine(url: str, pool_size: int) -> sa.Engine:
    if not url.startswith("sqlite"):
        # A server that cannot be reached is told of after seconds; without a limit nobody would be answered at all.
        patience = {"connect_timeout": _CONNECTS_WITHIN}
        return sa.create_engine(
            url, hide_parameters=True, pool_size=pool_size, max_overflow=10, pool_pre_ping=True, connect_args=patience,
            query_cache_size=_STATEMENTS,
        )  # fmt: skip
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    pool: dict[str, Any] = {"poolclass": sa.pool.StaticPool} if in_memory else {"pool_size": pool_size}
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 30},
        query_cache_size=_STATEMENTS, **pool,
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin late and without IMMEDIATE: a read that turns into a write then fails as busy.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

"""The city in which scenarios are played: every process deployed, every register as usual, nothing happened yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.bundle import Library
from engine.clock import FixedClock
from engine.runtime import Runtime
from engine.settings import Settings
from engine.store.transaction import Database, Transaction
from workflows.bootstrap import build_runtime
from workflows.library import put_in_force
from workflows.registers.entries import read_register
from workflows.registers.givens import apply_givens, read_ledger

IN_MEMORY = "sqlite://"

Copy = Callable[[Database, FixedClock], AbstractContextManager[Database]]


class InMemory:
    """Copies of an in-memory database; an engine whose copy is gone serves the next one, so it compiles SQL once."""

    def __init__(self) -> None:
        self._idle: list[Database] = []

    @contextmanager
    def copy(self, prepared: Database, clock: FixedClock) -> Iterator[Database]:
        """Yield a copy, gone afterwards."""
        before = self._idle.pop() if self._idle else None
        database = Database(IN_MEMORY, clock, engine=before.engine if before else None)
        try:
            _driver(prepared).backup(_driver(database))
            yield database
        finally:
            database.dispose()
            self._idle.append(database)


class BureauStage:
    """Hands out cities, each a copy of one database that was prepared once; by default in memory, on SQLite."""

    def __init__(self, folder: Path, library: Library, copy: Copy | None = None) -> None:
        self._folder = folder
        self._library = library
        self._copy = copy or InMemory().copy
        self._settings = Settings(database_url=IN_MEMORY, master_key=bytes(range(32)), library=folder)

    @contextmanager
    def city(self, clock: FixedClock) -> Iterator[Runtime]:
        """Yield a runtime on a fresh database in which nothing has happened yet."""
        with self._copy(self._prepared.database, clock) as database:
            yield self._prepared.on(database, clock)

    def given(self, transaction: Transaction, facts: Mapping[str, Any]) -> None:
        """Write what the scenario says the registers hold before it begins."""
        apply_givens(transaction, facts, self._prepared.keyring)

    def ledger(self, transaction: Transaction) -> Mapping[str, Decimal]:
        """Return the balance of every account in yuan."""
        return read_ledger(transaction)

    def register(self, transaction: Transaction, case: int) -> Mapping[str, Any]:
        """Return what the registers say about the case."""
        return read_register(transaction, case)

    @cached_property
    def _prepared(self) -> Runtime:
        runtime = build_runtime(self._settings)
        prepare(runtime, self._folder, self._library)
        return runtime


def prepare(runtime: Runtime, folder: Path, library: Library) -> None:
    """Bring the runtime's database up to date and put the folder of processes in force."""
    runtime.database.migrate(runtime.migrations)
    with runtime.write() as transaction:
        put_in_force(runtime, transaction, folder, library)


def _driver(database: Database) -> Any:
    """Return SQLite's own connection; an in-memory database has exactly one."""
    return database.engine.raw_connection().driver_connection

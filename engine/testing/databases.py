"""New databases by copying one that was prepared once: SQLite files, and databases of one PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event

from engine.clock import Clock
from engine.store.transaction import Database

Prepare = Callable[[str], None]
# A server that loses its last seconds in a power cut is good enough for tests, and three times as fast.
_CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Engines:
    """Engines that are used again for the next database, so that a statement is compiled once and not in every test."""

    def __init__(self) -> None:
        self._idle: list[sa.Engine] = []
        self._addresses: dict[sa.Engine, str] = {}
        self._listeners: dict[sa.Engine, int] = {}

    def on(self, address: str, clock: Clock, pool_size: int = 20) -> Database:
        """Return the database at the address, through an engine that no other database is using."""
        if self._idle:
            engine = self._idle.pop()
        else:
            engine = Database(address, clock, pool_size=pool_size).engine
            event.listen(engine, "do_connect", self._redirect(engine))
            self._listeners[engine] = _listeners(engine)
        self._addresses[engine] = address
        return Database(address, clock, engine=engine)

    def free(self, database: Database) -> None:
        """Close its connections and let the next database have its engine, unless a test still listens to it."""
        database.dispose()
        if _listeners(database.engine) == self._listeners[database.engine]:
            self._idle.append(database.engine)

    def _redirect(self, engine: sa.Engine) -> Callable[..., None]:
        def redirect(dialect: sa.Dialect, _record: object, arguments: list[Any], named: dict[str, Any]) -> None:
            wanted, more = dialect.create_connect_args(sa.make_url(self._addresses[engine]))
            arguments[:] = wanted
            named.update(more)

        return redirect


def _listeners(engine: sa.Engine) -> int:
    heard: tuple[Any, ...] = (engine.dispatch, engine.pool.dispatch)
    return sum(len(getattr(dispatch, name)) for dispatch in heard for name in dispatch._event_names)


class Databases(Protocol):
    """One kind of database."""

    engines: Engines

    def fresh(self, template: str, prepare: Prepare) -> str:
        """Return the address of a new copy of the template, which ``prepare`` fills when it is first asked for."""

    def drop(self, address: str) -> None:
        """Remove a database nobody is connected to any more."""


class SqliteFiles:
    """SQLite databases as files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.engines = Engines()
        self._folder = folder
        self._prepared: set[str] = set()
        self._count = count(1)

    def fresh(self, template: str, prepare: Prepare) -> str:
        """Return the address of a new copy of the template."""
        source = self._folder / f"{template}.template"
        if template not in self._prepared:
            prepare(f"sqlite:///{source}")
            self._prepared.add(template)
        copy = self._folder / f"{template}-{next(self._count)}.db"
        shutil.copyfile(source, copy)
        return f"sqlite:///{copy}"

    def drop(self, address: str) -> None:
        """Remove the file and what SQLite keeps beside it."""
        path = Path(address.removeprefix("sqlite:///"))
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


class PostgresServer:
    """Databases of one PostgreSQL server; ``prefix`` keeps test processes that share it apart."""

    def __init__(self, address: str, prefix: str) -> None:
        self.address = address
        self.engines = Engines()
        self._prefix = prefix
        self._prepared: set[str] = set()
        self._count = count(1)
        self._admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        self._do(*(f"ALTER SYSTEM SET {setting}" for setting in _CARELESS), "SELECT pg_reload_conf()")

    def fresh(self, template: str, prepare: Prepare) -> str:
        """Return the address of a new copy of the template."""
        source = f"{self._prefix}_{template}"
        if template not in self._prepared:
            self._do(f'CREATE DATABASE "{source}"')
            prepare(self._address_of(source))
            self._prepared.add(template)
        copy = f"{source}_{next(self._count)}"
        self._do(f'CREATE DATABASE "{copy}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        return self._address_of(copy)

    def drop(self, address: str) -> None:
        """Remove the database, and whoever is still connected."""
        self._do(f'DROP DATABASE IF EXISTS "{sa.make_url(address).database}" WITH (FORCE)')

    def close(self) -> None:
        """Close the connection that makes databases."""
        self._admin.dispose()

    def _address_of(self, name: str) -> str:
        return sa.make_url(self.address).set(database=name).render_as_string(hide_password=False)

    def _do(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

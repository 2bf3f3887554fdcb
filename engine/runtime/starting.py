"""What must hold before a process works on a database: its schema, and the key it is sealed with."""

from __future__ import annotations

from engine.runtime.runtime import Runtime
from engine.store import master_key


def start_up(runtime: Runtime) -> None:
    """Bring the database up to date for serving.

    Raises Conflict when a newer version made the schema or another key sealed the data.
    """
    runtime.database.migrate(runtime.migrations)
    runtime.attempt(lambda transaction: master_key.bind(transaction, runtime.keyring))


def expect_ready(runtime: Runtime) -> None:
    """Raise Conflict unless the database is up to date and sealed with this key; changes nothing."""
    runtime.database.expect_newest(runtime.migrations)
    _expect_key(runtime)


def expect_legible(runtime: Runtime) -> None:
    """Raise Conflict unless this version can read the database, which a newer one may have made while nodes change."""
    if not runtime.database.can_serve(runtime.migrations):
        runtime.database.expect_newest(runtime.migrations)
    _expect_key(runtime)


def _expect_key(runtime: Runtime) -> None:
    with runtime.read() as transaction:
        master_key.expect(transaction, runtime.keyring)

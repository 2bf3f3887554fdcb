"""A consistent copy of everything while others work, and its way back into an empty database of either kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.errors import Conflict, Text
from engine.store import archive
from engine.store import tables as t
from engine.store.archive import Archive, Manifest, TableContent
from engine.store.jobs import QUEUED, WAITING
from engine.store.migrations import revisions, upgrade
from engine.store.sealing import Keyring
from engine.store.transaction import Database, Transaction

BATCH = 200
# Who is at work now and how often somebody tried lately says nothing about another day.
_LEFT_OUT = frozenset({"alembic_version", t.node.name, t.attempt.name})


def backup(database: Database, keyring: Keyring, path: Path, program: str, joined: Sequence[Path] = ()) -> Manifest:
    """Return what was written: one state of every table, while others go on writing. What is sealed stays sealed.

    Raises FileExistsError when there is such a file.
    """
    with database.read() as transaction:
        manifest = Manifest(
            format=archive.FORMAT,
            program=program,
            made_at=transaction.wall.isoformat(),
            revisions=revisions(transaction.connection),
            fingerprint=keyring.fingerprint.hex(),
            tables={},
        )
        tables = _reflected(transaction.connection, _tables_of(database, joined))
        return archive.write(path, keyring, manifest, (_content(transaction, table) for table in tables))


def restore(database: Database, keyring: Keyring, path: Path, joined: Sequence[Path] = ()) -> Manifest:
    """Return what was restored, all of it in one transaction, and brought to the newest schema.

    Raises Invalid for a file that is not whole or was made with another key, Conflict when the database is not empty
    or a newer version of the program made the backup.
    """
    kept = Archive(path, keyring)
    try:
        kept.verify()
        database.attempt(partial(_restore, kept, joined))
        return kept.manifest
    finally:
        kept.close()


def _restore(kept: Archive, joined: Sequence[Path], transaction: Transaction) -> None:
    connection = transaction.connection
    if sa.inspect(connection).get_table_names():
        raise Conflict(_NOT_EMPTY)
    upgrade(connection, joined, to=kept.manifest.revisions)
    for table in _reflected(connection, frozenset(kept.manifest.tables)):
        _fill(transaction, kept, table)
    upgrade(connection, joined)
    # Nobody has them in hand here.
    transaction.execute(t.job.update().where(t.job.c.status == QUEUED).values(status=WAITING))


def _fill(transaction: Transaction, kept: Archive, table: sa.Table) -> None:
    columns = [table.c[name] for name in kept.manifest.tables[table.name].columns]
    dates = [at for at, column in enumerate(columns) if isinstance(column.type, sa.Date)]
    for batch in kept.batches(table.name):
        for row in batch:
            for at in dates:
                row[at] = None if row[at] is None else date.fromisoformat(row[at])
        rows = [dict(zip((column.name for column in columns), row, strict=True)) for row in batch]
        transaction.execute(table.insert(), rows)


def _content(transaction: Transaction, table: sa.Table) -> TableContent:
    return TableContent(
        str(table.name), tuple(str(column.name) for column in table.columns), _batches(transaction, table)
    )


def _batches(transaction: Transaction, table: sa.Table) -> Iterator[Sequence[Sequence[Any]]]:
    query = sa.select(table).execution_options(stream_results=True, yield_per=BATCH)
    for batch in transaction.execute(query).partitions():
        yield [tuple(row) for row in batch]


def _tables_of(database: Database, joined: Sequence[Path]) -> frozenset[str]:
    """Return the names of the tables that the migrations make: the job runner keeps others in the same database."""
    bare = Database("sqlite://", database.clock)
    bare.migrate(joined)
    with bare.read() as transaction:
        names = sa.inspect(transaction.connection).get_table_names()
    bare.dispose()
    return frozenset(names) - _LEFT_OUT


def _reflected(connection: sa.Connection, names: frozenset[str]) -> list[sa.Table]:
    """Return the tables as the database has them, in plain types, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(connection, only=sorted(names))
    return [table for table in found.sorted_tables if table.name in names]


_NOT_EMPTY = Text(
    "只能恢复到空数据库,这个数据库里已经有内容。请在 DOUDI_DATABASE_URL 指定一个新的空数据库。",
    "Expected an empty database, but this one has tables; name a new one in DOUDI_DATABASE_URL.",
)

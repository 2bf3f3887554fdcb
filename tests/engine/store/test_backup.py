"""A backup is one state, comes back into either kind of database, and nothing broken or strange is taken for one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import FixedClock
from engine.errors import Conflict, Invalid
from engine.store import tables as t
from engine.store.backup import backup, restore
from engine.store.sealing import Keyring
from engine.store.series import next_number
from engine.store.transaction import Database
from engine.testing import NOW, Databases
from engine.testing.databases import PostgresServer, SqliteFiles

KEY = Keyring(bytes(range(32)))


@pytest.fixture
def filled(database):
    """Return a database with values of every type."""
    with database.write() as transaction:
        next_number(transaction, "cases")
        person = {
            "key": 7, "login": "li", "name": "李", "password": "x", "grants": "[]", "phone": b"\x00\xff", "language": None,
            "active": True, "failures": 0, "locked_until": None, "created_at": NOW,
        }  # fmt: skip
        transaction.execute(t.person.insert(), [person, {**person, "key": 2**62, "login": "wang", "active": False}])
        case = {
            "key": 9, "region": "41", "number": "1", "definition": 1, "process": "p", "title": b"t", "status": "open",
            "started_at": NOW, "started_by": "x", "starter": None, "channel": "web", "policy_date": NOW.date(),
            "ended_at": None, "end_event": None, "end_name": None, "parent": None,
        }  # fmt: skip
        transaction.execute(t.case.insert(), case)
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, sqlite_files: SqliteFiles, postgres_server: PostgresServer):
    """Return an empty database of each kind."""
    made: Databases = sqlite_files if request.param == "sqlite" else postgres_server
    address = made.fresh("nothing", _touch)
    database = Database(address, FixedClock(NOW))
    yield database
    database.dispose()
    made.drop(address)


def _touch(address: str) -> None:
    made = Database(address, FixedClock(NOW))
    with made.read():
        pass
    made.dispose()


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as transaction:
        return {
            name: sorted(map(tuple, transaction.execute(sa.select(table))), key=repr)
            for name, table in t.metadata.tables.items()
        }


def test_what_was_kept_comes_back_in_either_kind_of_database(filled, elsewhere, tmp_path: Path):
    written = backup(filled, KEY, tmp_path / "kept", "1.0")
    assert written.tables["person"].rows == 2
    restore(elsewhere, KEY, tmp_path / "kept")
    assert _everything(elsewhere) == _everything(filled)
    elsewhere.expect_newest()


def test_a_backup_is_one_state_although_others_write_meanwhile(filled, elsewhere, tmp_path: Path, monkeypatch):
    before = _everything(filled)

    class Meanwhile:
        """Writes to every table that is still to be copied, as soon as the first one is."""

        done = False

        def __call__(self, *_given: object) -> None:
            if not Meanwhile.done:
                Meanwhile.done = True
                with filled.write() as transaction:
                    next_number(transaction, "cases")
                    next_number(transaction, "later")
                    transaction.execute(t.person.delete())

    from engine.store import archive

    write_table = archive._write_table

    def interrupted(*given):
        entry = write_table(*given)
        Meanwhile()()
        return entry

    monkeypatch.setattr(archive, "_write_table", interrupted)
    backup(filled, KEY, tmp_path / "kept", "1.0")
    assert _everything(filled) != before
    restore(elsewhere, KEY, tmp_path / "kept")
    assert _everything(elsewhere) == before


def test_only_an_empty_database_takes_a_backup(filled, tmp_path: Path):
    backup(filled, KEY, tmp_path / "kept", "1.0")
    before = _everything(filled)
    with pytest.raises(Conflict, match="empty database"):
        restore(filled, KEY, tmp_path / "kept")
    assert _everything(filled) == before


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_of_another_key_is_told_apart_from_a_broken_one(filled, elsewhere, tmp_path: Path):
    backup(filled, KEY, tmp_path / "kept", "1.0")
    with pytest.raises(Invalid, match="DOUDI_MASTER_KEY_FILE"):
        restore(elsewhere, Keyring(bytes(32)), tmp_path / "kept")
    assert not _tables(elsewhere)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("harm", ["cut", "row", "count", "noise"])
def test_whatever_is_not_whole_is_refused_and_leaves_nothing(filled, elsewhere, tmp_path: Path, harm):
    kept = tmp_path / "kept"
    backup(filled, KEY, kept, "1.0")
    if harm == "cut":
        kept.write_bytes(kept.read_bytes()[:-100])
    elif harm == "noise":
        kept.write_bytes(bytes(range(256)))
    else:
        _with_another(kept, "tables/person" if harm == "row" else "manifest.json")
    with pytest.raises(Invalid, match="unchanged backup"):
        restore(elsewhere, KEY, kept)
    assert not _tables(elsewhere)


def _with_another(path: Path, changed: str) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries[changed] = entries[changed].replace(b"wang", b"wong").replace(b'"rows": 2', b'"rows": 1')
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def _tables(database: Database) -> list[str]:
    with database.read() as transaction:
        return sa.inspect(transaction.connection).get_table_names()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_backup_never_overwrites_a_file(filled, tmp_path: Path):
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(FileExistsError):
        backup(filled, KEY, tmp_path / "kept", "1.0")
    assert (tmp_path / "kept").read_text() == "mine"

"""What waits when a backup is made goes on where it is restored: timers, jobs, messages and those who wait for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.publish_message import publish_message
from engine.model import SYSTEM
from engine.queries.invariants import scan_invariants
from engine.store import tables as t
from engine.store.backup import backup, restore
from engine.store.transaction import Database
from engine.testing import Desk
from engine.testing.places import HILL


@pytest.fixture
def elsewhere(request, sqlite_files, postgres_server, runtime, clock):
    """Return an empty database of the other kind."""
    other = postgres_server if runtime.database.sqlite else sqlite_files
    address = other.fresh("empty", _touch)
    database = Database(address, clock)
    yield database
    database.dispose()
    other.drop(address)


def _touch(address):
    Database(address, None).dispose()
    if address.startswith("sqlite"):
        open(address.removeprefix("sqlite:///"), "wb").close()


def test_timers_messages_and_waiting_cases_go_on_after_a_restore(office, runtime, elsewhere, clock, tmp_path):
    approval = office.recorded().key
    waiting = office.desk.start(office.clerk, "waiting", HILL, order_no="A1").key
    office.desk.do(publish_message, SYSTEM, name="receipt", key="B2", life=timedelta(days=30))
    backup(runtime.database, runtime.keyring, tmp_path / "kept", "1.0", runtime.migrations)
    restore(elsewhere, runtime.keyring, tmp_path / "kept", runtime.migrations)
    there = Desk(runtime.on(elsewhere, clock))
    assert there.do(publish_message, SYSTEM, name="receipt", key="A1").case == waiting
    later = there.start(office.clerk, "waiting", HILL, order_no="B2").key
    assert [[row.element for row in there.tasks(case)] for case in (waiting, later)] == [["file_receipt"]] * 2
    clock.advance(timedelta(days=19))
    assert there.run_due() > 0
    assert sorted(row.element for row in there.tasks(approval)) == ["hurry", "takeover"]
    # The bureau that was left behind knows nothing of it.
    with runtime.read() as transaction:
        assert transaction.execute(sa.select(sa.func.count()).select_from(t.message)).scalar_one() == 1
    with there.runtime.read() as transaction:
        assert transaction.execute(sa.select(sa.func.count()).select_from(t.message)).scalar_one() == 0
    assert scan_invariants(there.runtime) == ()

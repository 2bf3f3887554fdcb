"""P13: a backup taken while people work restores to a sound bureau, in which every success before it is true."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.runtime import Runtime
from engine.testing.databases import Databases, PostgresServer, SqliteFiles
from tests.e2e.clerks import FUND, PATIENCE, Clerks, Kept, expect_stored
from tests.e2e.served import Served, bureau_on, environment_of, prepare_bureau
from tests.forked import ROOT, doudi, fork
from workflows.registers.givens import read_ledger

PAIRS = 2
ROUNDS = 8


@pytest.fixture
def bureau(databases: Databases):
    address = databases.fresh("bureau", prepare_bureau)
    made = bureau_on(address)
    yield made
    made.database.dispose()
    databases.drop(address)


@pytest.fixture
def elsewhere(request, sqlite_files: SqliteFiles, postgres_server: PostgresServer, tmp_path: Path):
    """Return the address of an empty database of the other kind."""
    if request.node.callspec.params["databases"] == "postgresql":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
    else:
        address = postgres_server.fresh("nothing", lambda _address: None)
        yield address
        postgres_server.drop(address)


def _doudi(data: Path, address: str, *command: str) -> str:
    environment = environment_of(data, address, ROOT / "bpmn")
    log = data / f"{command[0]}.log"
    done = fork(doudi, list(command), environment=environment, log=log)
    ended, told = done.wait(PATIENCE), log.read_text("utf-8")
    assert ended, told
    assert done.exit_code == 0, told
    return told


def test_a_backup_under_load_restores_to_a_sound_bureau_where_work_goes_on(bureau, elsewhere, tmp_path):
    address = bureau.settings.database_url
    served = Served(tmp_path / "server", address)
    served.start()
    with bureau.read() as transaction:
        funds = read_ledger(transaction)[FUND]
    clerks = Clerks(bureau, [served.address], PAIRS)
    clerks.start()
    try:
        for _ in range(ROUNDS):
            clerks.wait_for_success()
        before = Kept(list(clerks.kept.started), list(clerks.kept.completed))
        told = _doudi(tmp_path / "server", address, "backup", str(tmp_path / "kept"))
        assert "tables" in told
        clerks.wait_for_success()
    finally:
        clerks.stop()
        served.kill()
    clerks.expect_kept(bureau)
    told = _doudi(tmp_path / "again", elsewhere, "restore", str(tmp_path / "kept"))
    assert "every audit chain is whole" in told
    restored = bureau_on(elsewhere)
    expect_stored(restored, before, funds)
    _expect_work_to_go_on(restored, tmp_path / "again", funds)
    restored.database.dispose()


def _expect_work_to_go_on(restored: Runtime, data: Path, funds: Decimal) -> None:
    served = Served(data, restored.settings.database_url)
    served.start()
    clerks = Clerks(restored, [served.address], 1)
    clerks.start()
    try:
        for _ in range(3):
            clerks.wait_for_success()
    finally:
        clerks.stop()
        served.kill()
    assert clerks.kept.faults == []
    expect_stored(restored, clerks.kept, funds)

"""P1: what the server said is done stays done, whatever instruction it is killed at."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runtime import Runtime
from engine.testing.databases import SqliteFiles
from tests.e2e.clerks import Clerks
from tests.e2e.served import Served, bureau_on, prepare_bureau

CLERKS = 3
KILLS = int(os.environ.get("DOUDI_SOAK_KILLS", "10000"))


@pytest.fixture
def bureau(sqlite_files: SqliteFiles) -> Iterator[Runtime]:
    address = sqlite_files.fresh("bureau", prepare_bureau)
    runtime = bureau_on(address)
    yield runtime
    runtime.database.dispose()
    sqlite_files.drop(address)


@pytest.fixture
def served(bureau: Runtime, tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path, bureau.settings.database_url)
    server.start()
    yield server
    server.kill()


def test_every_success_is_still_true_after_the_server_was_killed_twenty_times(bureau, served):
    _kill_while_people_work(bureau, served, kills=20)


@pytest.mark.soak
def test_every_success_is_still_true_however_often_the_server_was_killed(bureau, served):
    _kill_while_people_work(bureau, served, kills=KILLS)


def _kill_while_people_work(bureau: Runtime, served: Served, kills: int) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    clerks = Clerks(bureau, [served.address], CLERKS)
    clerks.start()
    try:
        _kill_at_random(served, clerks, kills, random.Random(seed))
    finally:
        clerks.stop()
    served.stop()
    clerks.expect_kept(bureau)


def _kill_at_random(served: Served, clerks: Clerks, kills: int, dice: random.Random) -> None:
    for number in range(kills):
        # Something must have succeeded since the last kill, else it would hit a server that does nothing yet.
        clerks.wait_for_success()
        time.sleep(dice.uniform(0.0, 0.3))
        if number % 10 == 9:
            served.kill()
            served.start()
        else:
            served.kill_worker()
            time.sleep(0.05)
            served.wait_ready()

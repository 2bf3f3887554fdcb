"""Worker processes over one database, and cases that wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI
from engine.queries.invariants import scan_invariants
from engine.runtime import Runtime
from engine.store import business_clock
from engine.store import tables as t
from engine.testing import Desk, Kit, Staff
from engine.testing.databases import Databases
from tests.engine.jobs import errands
from tests.engine.jobs.node import runtime_of

ROOT = Path(__file__).parents[3]
TOWNSHIP = "410721101"
BEGINNING = datetime(2026, 9, 23, 9, 0, tzinfo=SHANGHAI)
PATIENCE = 90.0


@pytest.fixture(scope="session")
def kit() -> Kit:
    return errands.kit()


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that lets errands end; requests are noted in ``notes`` beside it."""
    monkeypatch.setenv(errands.NOTES, str(tmp_path / "notes"))
    monkeypatch.setenv(errands.OPEN, str(tmp_path / "open"))
    (tmp_path / "notes").touch()
    return tmp_path / "open"


@dataclass
class Plant:
    """A database on which worker processes work while the test looks on; its business clock can be moved."""

    runtime: Runtime
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, node: str) -> None:
        command = [sys.executable, "-m", "tests.engine.jobs.node", self.runtime.database.url, node]
        process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"working"
        self.running[node] = process

    def kill(self, node: str) -> None:
        process = self.running.pop(node)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def move_clock(self, to: datetime) -> None:
        with self.runtime.write() as transaction:
            offset = to - transaction.wall
            business_clock.set_offset(transaction, offset)
        business_clock.use(self.runtime.clock, offset)

    def advance(self, span: timedelta) -> None:
        self.move_clock(self.runtime.clock.now() + span)

    def jobs(self) -> list[sa.Row[tuple[object, ...]]]:
        with self.runtime.read() as transaction:
            return list(transaction.execute(sa.select(t.job).order_by(t.job.c.key)).all())

    def statuses(self) -> set[str]:
        return {row.status for row in self.jobs()}

    def open_cases(self) -> int:
        with self.runtime.read() as transaction:
            query = sa.select(sa.func.count()).where(t.case.c.status == "open")
            return int(transaction.execute(query).scalar_one())


@pytest.fixture
def plant(databases: Databases, kit: Kit) -> Iterator[Plant]:
    address = databases.fresh(kit.name, kit.prepare)
    made = Plant(runtime_of(address, "onlooker"))
    made.move_clock(BEGINNING)
    yield made
    for node in list(made.running):
        made.kill(node)
    try:
        assert scan_invariants(made.runtime) == ()
    finally:
        made.runtime.database.dispose()
        databases.drop(address)


@pytest.fixture
def begin(plant: Plant) -> Callable[..., int]:
    """Return what starts a case and gives its key."""
    desk, clerk = Desk(plant.runtime), Staff(plant.runtime).person("clerk", TOWNSHIP)

    def start(process: str, **values: str) -> int:
        return desk.start(clerk, process, TOWNSHIP, **values).key

    return start


def wait_until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return once it holds. Raises AssertionError when it never does."""
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)

"""The real server in processes of its own, on a database of the test."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from socket import socket

from engine.bundle import read_library
from engine.clock import SystemClock
from engine.commands.add_person import add_person
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from engine.settings import Settings
from engine.testing.kit import MASTER_KEY
from tests.forked import ROOT, Forked, doudi, fork
from web.bench.browser import Browser
from workflows.bootstrap import build_runtime
from workflows.registers.givens import apply_givens
from workflows.stage import prepare

TOWNSHIP, COUNTY = "410721101", "410721"
PASSWORD = "kept-when-killed"
PEOPLE = {"operator": "county_operator", "approver": "county_approver", "publisher": "publisher"}
STARTS_WITHIN = 120.0


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """``doudi serve`` with its worker process; it can be killed at any instruction and started again."""

    data: Path
    database_url: str
    library: Path = ROOT / "bpmn"
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    departments: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    command: Callable[[list[str]], None] = doudi
    _process: Forked | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def start(self) -> None:
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start without waiting until it answers."""
        environment = environment_of(self.data, self.database_url, self.library, self.departments)
        environment |= self.extra
        self._process = fork(
            self.command, ["serve", "--port", str(self.port), *self.options], environment=environment, log=self.log
        )

    def wait_ready(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if self.answers():
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text("utf-8", "replace"))

    def answers(self, within: float = 5.0) -> bool:
        try:
            return self.says("/health", within) == 200
        except (OSError, HTTPException):
            return False

    def says(self, path: str, within: float = 5.0) -> int:
        """Return the status of the answer to a request by nobody in particular."""
        browser = Browser(self.address, timeout=within)
        try:
            return browser.get(path).status
        finally:
            browser.close()

    def processes(self) -> list[int]:
        """Return the processes that serve, without the one above them."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [int(child) for child in children]

    def kill_worker(self) -> None:
        """Kill the process that serves; the one above it starts another."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)

    def kill(self) -> None:
        """Kill every process of the server at once."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        if not self._process.wait(30):
            self.kill()
        self._process = None


@dataclass
class Worked:
    """``doudi work``: a process that runs jobs and can be killed at any instruction."""

    data: Path
    database_url: str
    departments: str = ""
    library: Path = ROOT / "bpmn"
    _process: Forked | None = None

    @property
    def log(self) -> Path:
        return self.data / "worker.log"

    def launch(self) -> None:
        environment = environment_of(self.data, self.database_url, self.library, self.departments)
        self._process = fork(doudi, ["work"], environment=environment, log=self.log)

    def kill(self) -> None:
        if self._process is not None:
            assert self._process.exit_code is None, self.log.read_text("utf-8", "replace")
            self._process.kill()
            self._process = None


def environment_of(data: Path, database_url: str, library: Path, departments: str = "") -> dict[str, str]:
    """Return what a process of the product finds in its environment; its key is written beside its data."""
    data.mkdir(parents=True, exist_ok=True)
    key = data / "master.key"
    key.write_bytes(MASTER_KEY)
    return {
        **os.environ, "DOUDI_DATA": str(data), "DOUDI_MASTER_KEY_FILE": str(key), "PYTHONPATH": str(ROOT),
        "DOUDI_DATABASE_URL": database_url, "DOUDI_LIBRARY": str(library), "DOUDI_DEPARTMENTS_URL": departments,
    }  # fmt: skip


def bureau_on(address: str) -> Runtime:
    return build_runtime(Settings(address, MASTER_KEY, library=ROOT / "bpmn", worker=False), SystemClock())


def prepare_bureau(address: str) -> None:
    runtime = bureau_on(address)
    prepare(runtime, ROOT / "bpmn", read_library(ROOT / "bpmn"))
    with runtime.write() as transaction:
        apply_givens(transaction, {}, runtime.keyring)
        for login, role in PEOPLE.items():
            add_person(
                runtime,
                transaction,
                SYSTEM,
                login=login,
                name=login,
                password=PASSWORD,
                grants=(Grant(role, _reach(role)),),
            )
    runtime.database.dispose()


def _reach(role: str) -> str:
    return "" if role == "publisher" else COUNTY

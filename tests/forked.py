"""Processes that can be killed at any instruction, forked from one that has imported the product already."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    ["engine.jobs", "web.cli.server", "tests.warm", "workflows.demo", "tests.engine.jobs.node"]
)


class Forked:
    """A running process in a group of its own."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Return how it ended, None while it runs."""
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, seconds: float | None = None) -> bool:
        """Return whether it has ended within the time."""
        self._process.join(seconds)
        return not self._process.is_alive()

    def kill(self) -> None:
        """Kill every process of the group at once."""
        self._process.kill()
        # One that died at once had no group of its own yet.
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()


def fork(run: Callable[..., object], *arguments: object, environment: Mapping[str, str], log: Path) -> Forked:
    """Return a process that runs the function of a module, with this environment; what it prints is added to the log."""
    process = _FORKING.Process(target=_run, args=(run, arguments, dict(environment), log), daemon=True)
    process.start()
    return Forked(process)


def _run(run: Callable[..., object], arguments: tuple[object, ...], environment: dict[str, str], log: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    with log.open("ab") as target:
        os.dup2(target.fileno(), 1)
        os.dup2(target.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    run(*arguments)


def doudi(command: list[str]) -> None:
    """Run a command of the product; it ends the process."""
    from web.cli import main

    main(command)


def doudi_anew(command: list[str]) -> None:
    """Become a command of the product that has imported nothing yet."""
    os.execv(sys.executable, [sys.executable, "-c", "from web.cli import main; main()", *command])

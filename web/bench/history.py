"""Whether a step stays as cheap as the first one: a loop of many rounds, and a case of a thousand completed tasks."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from engine.clock import FixedClock, SystemClock
from engine.commands.complete_task import complete_task
from engine.commands.start_case import start_case
from engine.model import Actor
from engine.queries.worklist import worklist
from engine.runtime import Runtime
from engine.settings import Settings
from engine.store import cases
from web.bench.figures import figure
from web.bench.workshop import REGION, Staff, answers, open_workshop
from workflows.bootstrap import build_runtime

MARKS = (10, 100, 1000, 10_000)
PIECES = 1000
_AROUND = 10
_MILLI = 1e6


@dataclass
class Steps:
    """CPU and wall time of each step of one case, and the size of its state at the marks."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    state: dict[int, int] = field(default_factory=dict)

    def at(self, mark: int) -> dict[str, Any]:
        """Return the figures of the steps around the mark."""
        near = slice(max(0, mark - _AROUND - 1), mark + _AROUND)
        return {
            "cpu_ms": figure(self.cpu[near]),
            "wall_ms": figure(self.wall[near]),
            "state_bytes": self.state.get(mark, 0),
        }


def measure(rounds: int, pieces: int = PIECES) -> dict[str, Any]:
    """Return the figures of a loop of this many rounds and of a case of a thousand tasks, on a SQLite file."""
    with TemporaryDirectory() as folder:
        data = Path(folder)
        address = f"sqlite:///{data / 'history.db'}"
        # The clock stands, so that no pause of the machine changes what is stored.
        runtime = build_runtime(
            Settings(address, os.urandom(32), data=data, worker=False), FixedClock(SystemClock().now())
        )
        staff = open_workshop(runtime)
        try:
            loop = _play(runtime, staff, "rounds", {"order_name": "返工"}, rounds)
            flat = _play(runtime, staff, "list", {"order_name": "逐件检查", "pieces": str(pieces)}, pieces)
        finally:
            runtime.database.dispose()
    return {
        "loop": {f"round_{mark}": loop.at(mark) for mark in (*MARKS, rounds) if mark <= rounds},
        "completed_tasks": {f"task_{mark}": flat.at(mark) for mark in MARKS if mark <= pieces},
        "last_to_first": {"loop": _growth(loop, rounds), "completed_tasks": _growth(flat, pieces)},
    }


def _growth(steps: Steps, last: int) -> float:
    """Return how many times the step at the first mark the last one costs."""
    first, end = (steps.at(mark)["cpu_ms"]["median"] for mark in (MARKS[0], last))
    return float(round(end / first, 2))


def _play(runtime: Runtime, staff: Staff, process: str, beginning: Mapping[str, str], rounds: int) -> Steps:
    random = Random(2026)  # noqa: S311 - the same workload every time
    actor = staff.clerk
    with runtime.write() as transaction:
        values = dict(beginning)
        case = start_case(
            runtime, transaction, actor, process=process, region=REGION, values=values, channel="window"
        ).key
    steps = Steps()
    for number in range(1, rounds + 1):
        task, revision = _open_task(runtime, actor, process)
        entered = answers(random)
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        with runtime.write() as transaction:
            complete_task(runtime, transaction, actor, task=task, revision=revision, values=entered)
        steps.cpu.append((time.thread_time_ns() - cpu) / _MILLI)
        steps.wall.append((time.perf_counter_ns() - wall) / _MILLI)
        if number in (*MARKS, rounds):
            steps.state[number] = _state_bytes(runtime, case)
    return steps


def _open_task(runtime: Runtime, actor: Actor, process: str) -> tuple[int, int]:
    with runtime.read() as transaction:
        rows = worklist(runtime, transaction, actor, process=process).rows
    return rows[0].task, rows[0].revision


def _state_bytes(runtime: Runtime, case: int) -> int:
    with runtime.write() as transaction:
        locked = cases.lock(transaction, case)
    return len(locked.state) if locked else 0

"""What one item costs among thousands: parallel multi-instance, all completed one by one, and the same in sequence."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

from engine.commands.complete_task import complete_task
from engine.commands.start_case import start_case
from engine.queries.waiting import open_tasks
from engine.runtime import Runtime
from engine.store.sizes import stored_bytes
from web.bench.figures import figure
from web.bench.workshop import REGION, Staff, Workshop, answers

_MILLI = 1e6
_BYTES_AT = 4


@dataclass
class Fan:
    """One case over many items: CPU to open it and of each completion, and what it keeps at each quarter."""

    opening: float
    cpu: list[float] = field(default_factory=list)
    bytes: dict[int, dict[str, int]] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """Return the figures of the case."""
        tenth = max(1, len(self.cpu) // 10)
        return {
            "open_cpu_ms": round(self.opening, 1),
            "item_cpu_ms": figure(self.cpu),
            "total_cpu_s": round((self.opening + sum(self.cpu)) / 1000, 2),
            "last_to_first": round(figure(self.cpu[-tenth:])["median"] / figure(self.cpu[:tenth])["median"], 2),
            "stored_bytes": {f"item_{number}": kept for number, kept in self.bytes.items()},
        }


def measure(items: int, address: str | None = None) -> dict[str, Any]:
    """Return the figures over this many items, in a new SQLite file or in the empty database at ``address``."""
    workshop = Workshop(address)
    with workshop as runtime:
        staff = workshop.staff
        return {
            "items": items,
            "parallel": _play(runtime, staff, items, one_by_one=False).shown(),
            "sequential": _play(runtime, staff, items, one_by_one=True).shown(),
        }


def _play(runtime: Runtime, staff: Staff, items: int, *, one_by_one: bool) -> Fan:
    random = Random(2026)  # noqa: S311 - the same workload every time
    actor = staff.clerk
    beginning = {"order_name": "多件", "pieces": str(items), "one_by_one": "true" if one_by_one else ""}
    began = time.thread_time_ns()
    with runtime.write() as transaction:
        case = start_case(
            runtime, transaction, actor, process="fanout", region=REGION, values=beginning, channel="window"
        ).key
    fan = Fan((time.thread_time_ns() - began) / _MILLI)
    waiting: list[tuple[int, int]] = []
    for number in range(1, items + 1):
        waiting = waiting or _open(runtime, case)
        task, revision = waiting.pop()
        entered = answers(random)
        began = time.thread_time_ns()
        with runtime.write() as transaction:
            complete_task(runtime, transaction, actor, task=task, revision=revision, values=entered)
        fan.cpu.append((time.thread_time_ns() - began) / _MILLI)
        if number % max(1, items // _BYTES_AT) == 0:
            with runtime.read() as transaction:
                fan.bytes[number] = stored_bytes(transaction, case)
    return fan


def _open(runtime: Runtime, case: int) -> list[tuple[int, int]]:
    with runtime.read() as transaction:
        return [(row.key, row.revision) for row in open_tasks(transaction) if row.case == case]

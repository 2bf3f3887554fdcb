"""Whether a message finds its case among 100,000 that wait as fast as among 1,000."""

from __future__ import annotations

import time
from random import Random
from typing import Any

from engine.commands.publish_message import publish_message
from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store.copying import copy_case
from web.bench.figures import figure
from web.bench.workshop import REGION, Workshop

FEW = 1000
SENT = 200
_MILLI = 1e6


def measure(cases: int, address: str | None = None) -> dict[str, Any]:
    """Return the figures among few and among this many cases, in a new SQLite file or the empty database."""
    random = Random(2026)  # noqa: S311 - the same workload every time
    few = min(FEW, cases // 2)
    with Workshop(address) as runtime:
        with runtime.write() as transaction:
            values = {"order_name": "询价", "order_no": _key(0)}
            beginning = Beginning(runtime.latest(transaction, "answer"), REGION, values, "system")
            template = begin_case(runtime, transaction, SYSTEM, beginning).key
        found = {}
        made = 1
        for many in (few, cases):
            began = time.perf_counter()
            copy_case(runtime.database, runtime.keyring, template, range(made, many), _key)
            made, filled = many, time.perf_counter() - began
            runtime.database.analyse()
            sent = min(SENT, few // 4)
            # Those that were answered before are not asked again.
            asked = random.sample(range(1, few) if many == few else range(few, many), sent)
            found[f"among_{many}"] = {**_send(runtime, asked), "filling_s": round(filled, 1)}
    first, last = (found[f"among_{many}"]["taken_cpu_ms"]["median"] for many in (few, cases))
    return {**found, "last_to_first": round(last / first, 2)}


def _send(runtime: Runtime, asked: list[int]) -> dict[str, Any]:
    taken = [_timed(runtime, _key(number)) for number in asked]
    if any(case is None for _, _, case in taken):
        raise RuntimeError("a message did not find the case that waits for it")
    kept = [_timed(runtime, f"nobody {number}") for number in asked]
    spent = sum(wall for _, wall, _ in taken) / 1000
    return {
        "taken_cpu_ms": figure([cpu for cpu, _, _ in taken]),
        "taken_wall_ms": figure([wall for _, wall, _ in taken]),
        "kept_cpu_ms": figure([cpu for cpu, _, _ in kept]),
        "taken_per_second": round(len(taken) / spent, 1),
    }


def _timed(runtime: Runtime, key: str) -> tuple[float, float, int | None]:
    cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
    case = runtime.attempt(
        lambda transaction: publish_message(runtime, transaction, SYSTEM, name="answer", key=key)
    ).case
    return (time.thread_time_ns() - cpu) / _MILLI, (time.perf_counter_ns() - wall) / _MILLI, case


def _key(number: int) -> str:
    return f"K-{number}"

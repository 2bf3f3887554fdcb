"""How many timers a second are caught up when thousands are due at once, as after a night without power."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from engine.clock import FixedClock
from engine.commands.step import Beginning, begin_case
from engine.jobs.in_order import run_in_order
from engine.model import SYSTEM
from engine.store.copying import copy_case
from web.bench.workshop import REGION, Workshop


def measure(timers: int, address: str | None = None) -> dict[str, Any]:
    """Return the figures of firing this many timers in order, in a new SQLite file or the empty database."""
    with Workshop(address) as runtime:
        clock = runtime.clock
        assert isinstance(clock, FixedClock)
        with runtime.write() as transaction:
            beginning = Beginning(runtime.latest(transaction, "patience"), REGION, {"order_name": "等货"}, "system")
            template = begin_case(runtime, transaction, SYSTEM, beginning).key
        copy_case(runtime.database, runtime.keyring, template, range(1, timers))
        runtime.database.analyse()
        clock.advance(timedelta(hours=2))
        wall, cpu = time.perf_counter(), time.thread_time()
        fired = run_in_order(runtime)
        wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
    if fired != timers:
        raise RuntimeError(f"Expected {timers} timers to fire, but {fired} did.")
    return {
        "timers": timers, "seconds": round(wall, 2), "fired_per_second": round(timers / wall, 1),
        "cpu_ms_per_timer": round(cpu / timers * 1000, 3),
    }  # fmt: skip

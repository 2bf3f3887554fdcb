"""One worker process: ``python -m tests.engine.jobs.node <database> <node>``, until it is killed."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace

from engine.clock import SystemClock
from engine.jobs import Worker
from engine.runtime import Runtime
from engine.store.business_clock import MovableOffset
from engine.store.transaction import Database
from tests.engine.jobs.errands import kit


def runtime_of(address: str, node: str) -> Runtime:
    """Return the engine as the demo runs it: business time follows the offset in the database."""
    made = kit().runtime(Database(address, SystemClock(MovableOffset())))
    made.settings = replace(made.settings, node=node, demo=True)
    return made


if __name__ == "__main__":
    Worker(runtime_of(sys.argv[1], sys.argv[2])).start()
    print("working", flush=True)
    threading.Event().wait()

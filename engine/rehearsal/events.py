"""Has a case started as the world would: by a message, by a signal, or because it is time."""

from __future__ import annotations

from engine.clock import FixedClock
from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.publish_message import publish_message
from engine.jobs.in_order import run_in_order
from engine.model import SYSTEM
from engine.queries.waiting import newest_case, timed_starts
from engine.runtime import Runtime
from engine.scenario import StartByEvent


def start_by_event(runtime: Runtime, clock: FixedClock, process: str, step: StartByEvent) -> int | None:
    """Return the case that the event started in the place the step names, None when it started none."""
    if step.kind == "message":
        return _by_message(runtime, step)
    if step.kind == "signal":
        with runtime.write() as transaction:
            broadcast_signal(runtime, transaction, SYSTEM, name=step.name, values=step.data, region=step.at)
    elif not _by_time(runtime, clock, process, step.name):
        return None
    with runtime.read() as transaction:
        return newest_case(transaction, process, step.at)


def _by_message(runtime: Runtime, step: StartByEvent) -> int | None:
    with runtime.write() as transaction:
        return publish_message(
            runtime, transaction, SYSTEM, name=step.name, key=step.key or "", values=step.data, region=step.at
        ).case


def _by_time(runtime: Runtime, clock: FixedClock, process: str, name: str) -> bool:
    """Return whether there is such a timer; the clock goes on until it is due, and everything due until then happens."""
    with runtime.read() as transaction:
        definition = runtime.latest(transaction, process)
        waiting = timed_starts(transaction, process)
    due = [at for element, at in waiting if name in (element, definition.node(process, element).name)]
    if not due:
        return False
    clock.set(max(due[0], clock.now()))
    run_in_order(runtime)
    return True

"""What happens by itself, on any node: timers and timed starts strictly in order of their due time, then deliveries."""

from __future__ import annotations

import logging
import time
from functools import partial

from engine import log
from engine.commands.deliver import deliver
from engine.commands.expire_messages import expire_messages
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.start_by_timer import fail_start, start_by_timer
from engine.commands.trigger_timer import trigger_timer
from engine.runtime import Runtime
from engine.store import deliveries, lane, messages
from engine.store.lane import Due
from engine.store.transaction import Transaction, is_outage


def run_in_order(runtime: Runtime, seconds: float | None = None) -> int:
    """Return how much was fired, delivered and expired within this time (None: until nothing is due)."""
    until = None if seconds is None else time.monotonic() + seconds
    ran, fired = 0, False
    while until is None or time.monotonic() < until:
        # Where one timer was due the next often is: then nobody looks first.
        fired = (fired and _fire(runtime)) or (_is_due(runtime) and _fire(runtime))
        done = 1 if fired else _deliver_or_expire(runtime)
        if not done:
            break
        ran += done
    return ran


def _is_due(runtime: Runtime) -> bool:
    with runtime.read() as transaction:
        return lane.next_due(transaction) is not None


def _deliver_or_expire(runtime: Runtime) -> int:
    with runtime.read() as transaction:
        delivers, expires = deliveries.any_waiting(transaction), messages.any_over(transaction)
    if delivers and runtime.attempt(partial(deliver, runtime)):
        return 1
    return runtime.attempt(partial(expire_messages, runtime)) if expires else 0


def _fire(runtime: Runtime) -> bool:
    """Return whether something fired, or failed and became an incident; another node may be at it instead."""
    chosen: list[Due] = []
    try:
        return runtime.attempt(partial(_fire_next, runtime, chosen))
    except Exception as error:
        if not chosen or is_outage(error):
            raise
        log.tell(logging.WARNING, "timer_failed", error, kind=chosen[-1].kind, job=chosen[-1].key)
        return runtime.attempt(partial(_fail, runtime, chosen[-1], error))


def _fire_next(runtime: Runtime, chosen: list[Due], transaction: Transaction) -> bool:
    if not lane.enter(transaction):
        return False
    due = lane.next_due(transaction)
    if due is None:
        return False
    chosen.append(due)
    if due.kind == lane.START:
        return start_by_timer(runtime, transaction, timer=due.key)
    return trigger_timer(runtime, transaction, job=due.key, tries=due.tries)


def _fail(runtime: Runtime, due: Due, error: Exception, transaction: Transaction) -> bool:
    fault = as_fault(error)
    if due.kind == lane.START:
        return fail_start(runtime, transaction, timer=due.key, fault=fault)
    return settle_job(runtime, transaction, job=due.key, tries=due.tries, outcome=fault)

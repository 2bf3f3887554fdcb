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
from engine.errors import ModelError, Rejected
from engine.runtime import Runtime
from engine.store import deliveries, lane, messages
from engine.store.lane import Due
from engine.store.transaction import Transaction, is_outage

# Longer than SQLite sleeps between two tries to write, so that whoever waits to write gets in.
GIVE_WAY_SECONDS = 0.12
# Timers that fire in one commit, and after how long no further one does: others wait for their cases, and on SQLite for
# the database, no longer than that. What one timer sets off may be much.
MOST_IN_ONE, IN_ONE_SECONDS = 20, 0.05


def run_in_order(runtime: Runtime, seconds: float | None = None) -> int:
    """Return how much was fired, delivered and expired within this time (None: until nothing is due).

    Before each of them it gives way for a moment to whoever waits for a page of this process.
    """
    until = None if seconds is None else time.monotonic() + seconds
    ran, fired = 0, 0
    while until is None or time.monotonic() < until:
        runtime.courtesy.give_way(GIVE_WAY_SECONDS)
        # Where one timer was due the next often is: then nobody looks first.
        fired = (fired and _fire(runtime)) or (_fire(runtime) if _is_due(runtime) else 0)
        done = fired or _deliver_or_expire(runtime)
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


def _fire(runtime: Runtime) -> int:
    """Return how much fired, or failed and became an incident; another node may be at it instead."""
    chosen: list[Due] = []
    try:
        return runtime.attempt(partial(_fire_next, runtime, chosen))
    except Exception as error:
        if not chosen or is_outage(error):
            raise
        log.tell(logging.WARNING, "timer_failed", error, kind=chosen[-1].kind, job=chosen[-1].key)
        return runtime.attempt(partial(_fail, runtime, chosen[-1], error))


def _fire_next(runtime: Runtime, chosen: list[Due], transaction: Transaction) -> int:
    if not lane.enter(transaction):
        return 0
    due = lane.next_due(transaction)
    if due is None:
        return 0
    chosen.append(due)
    until = time.monotonic() + IN_ONE_SECONDS
    if due.kind == lane.START:
        return int(start_by_timer(runtime, transaction, timer=due.key))
    if not trigger_timer(runtime, transaction, job=due.key, tries=due.tries):
        return 0
    return 1 + _fire_more(runtime, chosen, until, transaction)


def _fire_more(runtime: Runtime, chosen: list[Due], until: float, transaction: Transaction) -> int:
    """Return how many timers fired in the same commit, which costs more than a step where a disk is waited for.

    It ends where a case is held by somebody else, places are held, somebody waits for a page, or a step fails: that one
    comes first next time.
    """
    for fired in range(MOST_IN_ONE - 1):
        if runtime.courtesy.asked or time.monotonic() > until:
            return fired
        due = lane.next_due(transaction)
        if due is None or due.kind == lane.START or transaction.holds_places:
            return fired
        chosen.append(due)
        try:
            with transaction.savepoint():
                if not trigger_timer(runtime, transaction, job=due.key, tries=due.tries, patient=False):
                    return fired
        except (ModelError, Rejected):
            return fired
    return MOST_IN_ONE - 1


def _fail(runtime: Runtime, due: Due, error: Exception, transaction: Transaction) -> bool:
    fault = as_fault(error)
    if due.kind == lane.START:
        return fail_start(runtime, transaction, timer=due.key, fault=fault)
    return settle_job(runtime, transaction, job=due.key, tries=due.tries, outcome=fault)

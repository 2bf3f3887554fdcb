"""Starts cases because it is time: for each region of a level, each case in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator

from engine.access import LEVEL_DIGITS, OFFICES
from engine.commands.open_incident import open_incident_of_start
from engine.commands.step import Beginning, begin_case
from engine.diagram.names import START_FOR
from engine.errors import ModelError
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.spiff import Armed
from engine.store import start_timers
from engine.store.start_timers import StartTimerRow
from engine.store.transaction import Transaction

# The variable in which the case finds when it was to start, however late it did.
SCHEDULED = "scheduled_at"


def start_by_timer(runtime: Runtime, transaction: Transaction, *, timer: int) -> bool:
    """Return whether it fired; one that was taken back or planned for later meanwhile is left alone.

    A timer start event makes one start for each region and plans its next firing; such a start begins its case.
    Raises ModelError when the case cannot begin.
    """
    row = start_timers.lock(transaction, timer)
    if row is None or row.status != start_timers.WAITING or row.due_at > transaction.now:
        return False
    if row.region is None:
        _fire(runtime, transaction, row)
    else:
        _begin(runtime, transaction, row, row.region)
    return True


def fail_start(runtime: Runtime, transaction: Transaction, *, timer: int, fault: ModelError) -> bool:
    """Return whether the failure was noted as an incident, whose retry starts the case again."""
    row = start_timers.lock(transaction, timer)
    if row is None or row.status != start_timers.WAITING:
        return False
    start_timers.set_status(transaction, row.key, start_timers.INCIDENT)
    located = ModelError(fault.message, fault.element or row.element)
    region = row.region or runtime.settings.city
    open_incident_of_start(
        runtime, transaction, definition=row.definition, region=region, fault=located, job=row.key, kind="start"
    )
    return True


def _fire(runtime: Runtime, transaction: Transaction, row: StartTimerRow) -> None:
    node = runtime.definition(transaction, row.definition).node(row.process, row.element)
    level = node.properties.get(START_FOR, OFFICES[0])
    start_timers.fire_in(transaction, row, _regions(runtime, LEVEL_DIGITS.get(level, 0)))
    following = Armed.restored(row.planned()).next()
    if following is None:
        start_timers.set_status(transaction, row.key, start_timers.DONE)
    else:
        start_timers.plan_again(transaction, row.key, following.schedule.due, following.stored())


def _regions(runtime: Runtime, digits: int) -> Iterator[str]:
    waiting = [runtime.settings.city]
    while waiting:
        region = waiting.pop(0)
        if len(region) >= digits:
            yield region
        else:
            waiting.extend(code for code, _ in runtime.regions.children(region))


def _begin(runtime: Runtime, transaction: Transaction, row: StartTimerRow, region: str) -> None:
    definition = runtime.definition(transaction, row.definition)
    values = {SCHEDULED: row.due_at}
    begin_case(runtime, transaction, SYSTEM, Beginning(definition, region, values, "system", event=row.element))
    start_timers.remove(transaction, row.key)

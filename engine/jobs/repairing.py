"""Batches of repairs, one incident after the other, each in a transaction of its own."""

from __future__ import annotations

import time
from functools import partial

from engine.commands.repair_incident import repair_incident
from engine.runtime import Runtime
from engine.store import repairs
from engine.store.repairs import FINISHED, WORKING
from engine.store.transaction import Transaction

SOME = 50


def work_off_repairs(runtime: Runtime, most: int = SOME, pause: float = 0.0) -> bool:
    """Mend the next incidents of the oldest batch under way, ``pause`` seconds apart; return whether there is more.

    What was interrupted is taken up where it stopped: each item's status changes with what was done to it.
    """
    with runtime.read() as transaction:
        row = repairs.under_way(transaction)
        found = repairs.next_incidents(transaction, row.key, most) if row else []
    if row is None:
        return False
    for incident in found:
        runtime.attempt(partial(repair_incident, runtime, repair=row.key, incident=incident))
        time.sleep(pause)
    if not found:
        runtime.attempt(partial(_finish, row.key))
    return True


def _finish(key: int, transaction: Transaction) -> None:
    row = repairs.lock(transaction, key)
    if row is not None and row.status == WORKING:
        repairs.finish(transaction, key, FINISHED)

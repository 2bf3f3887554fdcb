"""Timer start events of the newest versions with their schedules, and their firings, one for each region."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.transaction import Transaction

WAITING, DONE, INCIDENT = "waiting", "done", "incident"


@dataclass(frozen=True, slots=True)
class StartTimerRow:
    """A timer start event (``region`` is None, ``schedule`` says when it fires again), or one firing for a region."""

    key: int
    definition: int
    process: str
    element: str
    region: str | None
    expression: str
    due_at: datetime
    schedule: str | None
    status: str

    def planned(self) -> list[Any]:
        """Return the stored schedule as plain values."""
        return list(json.loads(self.schedule or "[]"))


def lock(transaction: Transaction, key: int) -> StartTimerRow | None:
    """Return the row locked for change."""
    return transaction.first(StartTimerRow, _LOCK, {"key_": key})


def of_process(transaction: Transaction, process: str) -> list[StartTimerRow]:
    """Return the timer start events of a process, those that have fired for the last time too."""
    return transaction.every(StartTimerRow, _OF_PROCESS, {"process_": process})


def pending(transaction: Transaction) -> list[StartTimerRow]:
    """Return every timer start event that will fire."""
    return transaction.every(StartTimerRow, _PENDING)


def arm(
    transaction: Transaction, definition: int, process: str, element: str, expression: str, due_at: datetime,
    schedule: Sequence[Any],
) -> None:  # fmt: skip
    """Let a timer start event wait for its first firing."""
    row = _row(definition, process, element, None, expression, due_at) | {"schedule": json.dumps(schedule)}
    transaction.insert(t.start_timer, [row])


def fire_in(transaction: Transaction, row: StartTimerRow, regions: Iterable[str]) -> None:
    """Have a case started for each region, each in a transaction of its own, now due."""
    rows = [
        _row(row.definition, row.process, row.element, region, row.expression, row.due_at) | {"schedule": None}
        for region in regions
    ]
    transaction.insert(t.start_timer, rows)


def plan_again(transaction: Transaction, key: int, due_at: datetime, schedule: Sequence[Any]) -> None:
    """Write when a timer start event fires next."""
    transaction.execute(_PLAN, {"key_": key, "due_at": due_at, "schedule": json.dumps(schedule)})


def set_status(transaction: Transaction, key: int, status: str) -> None:
    """Set the status of a row."""
    transaction.execute(_STATUS, {"key_": key, "status": status})


def move(transaction: Transaction, key: int, definition: int) -> None:
    """Let a timer start event start cases of another version."""
    transaction.execute(_MOVE, {"key_": key, "definition": definition})


def remove(transaction: Transaction, key: int) -> None:
    """Forget a row."""
    transaction.execute(_REMOVE, {"key_": key})


def _row(
    definition: int, process: str, element: str, region: str | None, expression: str, due_at: datetime
) -> dict[str, Any]:
    return {
        "key": new_key(), "definition": definition, "process": process, "element": element, "region": region,
        "expression": expression, "due_at": due_at, "status": WAITING,
    }  # fmt: skip


_s = t.start_timer.c
_SELECT = sa.select(*(_s[name] for name in StartTimerRow.__slots__))
_LOCK = _SELECT.where(_s.key == sa.bindparam("key_")).with_for_update()
_OF_PROCESS = _SELECT.where(_s.process == sa.bindparam("process_"), _s.region.is_(None)).order_by(_s.key)
_PENDING = _SELECT.where(_s.status == WAITING, _s.region.is_(None)).order_by(_s.key).with_for_update()
_PLAN = (
    t.start_timer.update()
    .where(_s.key == sa.bindparam("key_"))
    .values(due_at=sa.bindparam("due_at"), schedule=sa.bindparam("schedule"))
)
_STATUS = t.start_timer.update().where(_s.key == sa.bindparam("key_")).values(status=sa.bindparam("status"))
_MOVE = t.start_timer.update().where(_s.key == sa.bindparam("key_")).values(definition=sa.bindparam("definition"))
_REMOVE = t.start_timer.delete().where(_s.key == sa.bindparam("key_"))

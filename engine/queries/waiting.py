"""What a case waits for right now: for scenarios, tests and invariant scans."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from engine.store import lane, start_timers
from engine.store import tables as t
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction
from engine.store.user_tasks import TASK_COLUMNS, TaskRow


def open_tasks(transaction: Transaction) -> list[TaskRow]:
    """Return every open user task, oldest first."""
    return transaction.every(TaskRow, _TASKS)


def pending_services(transaction: Transaction) -> list[JobRow]:
    """Return every remote service that has no answer yet, oldest first."""
    return transaction.every(JobRow, _SERVICES)


def next_timer(transaction: Transaction, before: datetime) -> datetime | None:
    """Return when the next timer or timed start is due, if that is not after ``before``."""
    return lane.next_time(transaction, before)


def timed_starts(transaction: Transaction, process: str) -> list[tuple[str, datetime]]:
    """Return the timer start events of a process that will fire, each with its next time."""
    rows = start_timers.of_process(transaction, process)
    return [(row.element, row.due_at) for row in rows if row.status == start_timers.WAITING]


def newest_case(transaction: Transaction, process: str, region: str) -> int | None:
    """Return the case of a process in a region that was started last, None when there is none."""
    found = transaction.execute(_NEWEST, {"process_": process, "region_": region}).first()
    return None if found is None else int(found[0])


_NEWEST = (
    sa.select(t.case.c.key)
    .where(t.case.c.process == sa.bindparam("process_"), t.case.c.region == sa.bindparam("region_"))
    .order_by(t.case.c.started_at.desc(), t.case.c.key.desc())
    .limit(1)
)
_TASKS = sa.select(*TASK_COLUMNS).where(t.user_task.c.status == "open").order_by(t.user_task.c.key)
_SERVICES = (
    sa.select(*(t.job.c[name] for name in JobRow.__slots__))
    .where(t.job.c.kind != "timer", t.job.c.status.in_(("waiting", "queued", "offered")))
    .order_by(t.job.c.key)
)

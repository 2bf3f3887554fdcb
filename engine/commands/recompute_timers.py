"""Counts every pending due time again after the calendar changed."""

from __future__ import annotations

from collections import defaultdict

from engine.commands.open_incident import open_incident
from engine.commands.renew_starts import recompute_start
from engine.commands.work import Work, open_work, save
from engine.errors import ModelError
from engine.model import Actor, ArmedTimer, OpenedTask
from engine.runtime import Runtime
from engine.store import cases, jobs, start_timers, user_tasks
from engine.store.audit import Entry
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow


def recompute_timers(runtime: Runtime, transaction: Transaction, actor: Actor) -> int:
    """Return how many due times moved: each is planned anew from the moment its token began to wait.

    A case or start whose times can no longer be told becomes an incident and keeps those it had; the others move.
    """
    by_case: dict[int, list[JobRow]] = defaultdict(list)
    for timer in jobs.pending_timers(transaction):
        by_case[timer.case].append(timer)
    waiting = set(by_case) | user_tasks.cases_with_due_dates(transaction)
    moved = sum(_recompute_case(runtime, transaction, actor, case, by_case[case]) for case in sorted(waiting))
    return moved + sum(recompute_start(runtime, transaction, row) for row in start_timers.pending(transaction))


def _recompute_case(runtime: Runtime, transaction: Transaction, actor: Actor, case: int, timers: list[JobRow]) -> int:
    locked = cases.lock(transaction, case)
    if locked is None or locked.row.status != "open":
        return 0
    work = open_work(runtime, transaction, actor, locked)
    tasks = user_tasks.with_due_date(transaction, case)
    try:
        planned = [(timer, work.run.replan(timer.token)) for timer in timers]
        offered = [(task, work.run.replan_task(task.token)) for task in tasks]
    except ModelError as fault:
        open_incident(runtime, transaction, actor, case=case, fault=fault)
        return 0
    moved = sum(_move(work, timer, new) for timer, new in planned) + sum(
        _give(work, task, new) for task, new in offered
    )
    if moved:
        save(work, Entry("recompute_timers", f"case:{case}", details={"moved": moved}))
    return moved


def _move(work: Work, timer: JobRow, new: ArmedTimer) -> bool:
    if new.due == timer.due_at and new.provisional == timer.provisional:
        return False
    jobs.replan(work.transaction, timer.key, new.due, new.provisional)
    return new.due != timer.due_at


def _give(work: Work, task: TaskRow, new: OpenedTask) -> bool:
    if (new.due, new.provisional) == (task.due_at, task.provisional):
        return False
    user_tasks.set_due(work.transaction, task.key, new.due, new.provisional)
    return True

"""Counts every pending due time again after the calendar changed."""

from __future__ import annotations

from collections import defaultdict

from engine.commands.renew_starts import recompute_start
from engine.commands.work import Work, open_work, save
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import cases, jobs, start_timers, user_tasks
from engine.store.audit import Entry
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction


def recompute_timers(runtime: Runtime, transaction: Transaction, actor: Actor) -> int:
    """Return how many due times moved: each is planned anew from the moment its token began to wait."""
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
    moved = [timer for timer in timers if _replan(work, timer)] + _replan_tasks(work)
    if moved:
        save(work, Entry("recompute_timers", f"case:{case}", details={"moved": len(moved)}))
    return len(moved)


def _replan(work: Work, timer: JobRow) -> bool:
    planned = work.run.replan(timer.token)
    if planned.due == timer.due_at and planned.provisional == timer.provisional:
        return False
    jobs.replan(work.transaction, timer.key, planned.due, planned.provisional)
    return planned.due != timer.due_at


def _replan_tasks(work: Work) -> list[int]:
    moved = []
    for task in user_tasks.with_due_date(work.transaction, work.row.key):
        planned = work.run.replan_task(task.token)
        if (planned.due, planned.provisional) != (task.due_at, task.provisional):
            user_tasks.set_due(work.transaction, task.key, planned.due, planned.provisional)
            moved.append(task.key)
    return moved

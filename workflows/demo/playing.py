"""Plays scripts through the real commands on a clock that jumps from event to event."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.clock import FixedClock
from engine.commands.complete_task import complete_task
from engine.commands.deliver import deliver
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.start_by_timer import start_by_timer
from engine.commands.start_case import start_case
from engine.commands.trigger_timer import trigger_timer
from engine.errors import BpmnError
from engine.model import Actor, Step
from engine.queries.open_cases import open_cases
from engine.queries.task import task_page
from engine.runtime import Runtime
from engine.store import jobs, lane, people, start_timers, user_tasks
from engine.store.cases import CaseRow
from engine.store.jobs import JobRow
from engine.store.lane import Due
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow
from workflows.demo.dates import office_time
from workflows.demo.outside import answer_of
from workflows.demo.routines import routine_of
from workflows.demo.scripts import OPEN_CASE, SILENT, Answer, Script, filled
from workflows.demo.timed import took_place
from workflows.sources import CHECKS

_COUNTY_DIGITS, _TOWNSHIP_DIGITS = 6, 9
_CITIZEN = Actor(None, "申请人", channel="h5")
_BANK_TAKES = timedelta(minutes=2)


@dataclass(order=True, slots=True)
class Event:
    """Something a person does at a moment; ``task`` is None for the start of a case."""

    at: datetime
    number: int
    script: Script = field(compare=False)
    task: int | None = field(compare=False, default=None)
    answer: Answer | None = field(compare=False, default=None)


class Players:
    """The staff by role and place."""

    def __init__(self, transaction: Transaction) -> None:
        self._actors: dict[tuple[str, str], list[Actor]] = defaultdict(list)
        for row in people.everyone(transaction):
            actor = people.actor(row)
            for grant in actor.grants:
                self._actors[grant.role, grant.region].append(actor)

    def actor(self, role: str, region: str, number: int = 1) -> Actor:
        """Return the n-th person who works on tasks of the role in the region, else the last there is.

        A village without staff of its own is looked after by the township's operators.
        """
        found = self._actors[role, region] or self._actors["township_operator", region[:_TOWNSHIP_DIGITS]]
        return found[min(number, len(found)) - 1]

    def operators(self, region: str) -> Sequence[str]:
        """Return the names of the township's operators."""
        return [actor.name for actor in self._actors["township_operator", region[:_TOWNSHIP_DIGITS]]]


class Replay:
    """One run of the scripts up to a moment."""

    def __init__(self, runtime: Runtime, clock: FixedClock, players: Players, until: datetime) -> None:
        self._runtime = runtime
        self._clock = clock
        self._players = players
        self._until = until
        self._events: list[Event] = []
        self._scripts: dict[int, Script] = {}
        self._given: dict[tuple[int, str], int] = defaultdict(int)
        self._seen: set[int] = set()
        self._moved: set[int] = set()
        self._met: set[int] = set()
        self._begun: Counter[tuple[str, str]] = Counter()
        self._bank: dict[int, list[str]] = {}
        self._number = 0
        runtime.observe = self._observe

    def play(self, transaction: Transaction, scripts: Iterable[Script]) -> None:
        """Play every script until the moment the run ends, all in one transaction whose time jumps along."""
        for script in scripts:
            self._plan(Event(script.at, 0, script))
        while self._events:
            self._do(transaction, heapq.heappop(self._events))
        self._catch_up(transaction, self._until)

    def _plan(self, event: Event) -> None:
        if event.at <= self._until:
            self._number += 1
            event.number = self._number
            heapq.heappush(self._events, event)

    def _observe(self, row: CaseRow, _step: Step) -> None:
        self._moved.add(row.key)
        if row.key not in self._met:
            self._met.add(row.key)
            self._begun[row.process, row.region[:_COUNTY_DIGITS]] += 1
            routine = routine_of(row, self._begun[row.process, row.region[:_COUNTY_DIGITS]])
            if routine is not None:
                self._scripts[row.key] = routine

    def _do(self, transaction: Transaction, event: Event) -> None:
        self._catch_up(transaction, event.at)
        if event.task is None:
            self._start(transaction, event.script)
        else:
            self._complete(transaction, event)
        self._look_around(transaction)

    def _start(self, transaction: Transaction, script: Script) -> None:
        values = self._named(transaction, script, filled(script.values, transaction.now, ()))
        if values is None:
            return
        by_citizen = script.channel == "h5"
        actor = _CITIZEN if by_citizen else self._players.actor("township_operator", script.region[:_TOWNSHIP_DIGITS])
        started = start_case(
            self._runtime,
            transaction,
            actor,
            process=script.process,
            region=script.region,
            values=values,
            channel=script.channel,
        )
        self._scripts[started.key] = script
        self._bank[started.key] = list(script.bank)
        self._moved.add(started.key)

    def _named(self, transaction: Transaction, script: Script, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return the values with the mark of an open case replaced by the number of the township's newest.

        None where the city has so few cases that the township has none open: there is nothing to begin.
        """
        if OPEN_CASE not in values.values():
            return values
        found = open_cases(transaction, script.region[:_TOWNSHIP_DIGITS], CHECKS, 1)
        return (
            {name: found[0].number if value == OPEN_CASE else value for name, value in values.items()}
            if found
            else None
        )

    def _complete(self, transaction: Transaction, event: Event) -> None:
        row = user_tasks.find(transaction, event.task or 0)
        if row is None or row.status != "open" or event.answer is None:
            return
        answer = event.answer
        actor = self._players.actor(row.role or "", row.region, answer.person)
        values = filled(answer.values, transaction.now, self._players.operators(event.script.region))
        if answer.of_page is not None:
            values |= answer.of_page(task_page(self._runtime, transaction, actor, row.key).view)
        complete_task(self._runtime, transaction, actor, task=row.key, revision=row.revision, values=values)

    def _catch_up(self, transaction: Transaction, moment: datetime) -> None:
        """Fire timers and answer services in the order they are due, then stand at the moment."""
        self._stand_at(transaction, moment)
        while due := _next_due(transaction):
            self._stand_at(transaction, due.due_at)
            if due.kind == lane.START:
                self._begin_timed(transaction, due.key)
            elif job := jobs.find(transaction, due.key):
                self._run(transaction, job)
            self._look_around(transaction)
            self._stand_at(transaction, moment)

    def _begin_timed(self, transaction: Transaction, key: int) -> None:
        row = start_timers.lock(transaction, key)
        if row is not None and took_place(row.process, row.region, row.due_at):
            start_by_timer(self._runtime, transaction, timer=key)
        else:
            start_timers.remove(transaction, key)

    def _run(self, transaction: Transaction, job: JobRow) -> None:
        jobs.set_status(transaction, [{"key_": job.key, "status": jobs.QUEUED}])
        if job.kind == "timer":
            trigger_timer(self._runtime, transaction, job=job.key, tries=job.tries)
            return
        error = self._bank[job.case].pop(0) if job.type == "bank_transfer" and self._bank.get(job.case) else None
        self._stand_at(transaction, job.due_at + _BANK_TAKES)
        if error == SILENT:
            self._give_up(transaction, job)
            return
        outcome = self._said(job) if error is None else BpmnError(error)
        settle_job(self._runtime, transaction, job=job.key, tries=job.tries, outcome=outcome)

    def _said(self, job: JobRow) -> Mapping[str, Any] | BpmnError:
        asked = jobs.payload(self._runtime.keyring, job)["variables"]
        script = self._scripts.get(job.case)
        return answer_of(job, asked, script.sources.get(asked.get("source", "")) if script else None)

    def _give_up(self, transaction: Transaction, job: JobRow) -> None:
        """Use up every try, as after a night without the bank; the case is left with its incident."""
        fault = as_fault(TimeoutError(), job.element)
        for tries in range(job.tries, job.retries):
            settle_job(self._runtime, transaction, job=job.key, tries=tries, outcome=fault)

    def _stand_at(self, transaction: Transaction, moment: datetime) -> None:
        self._clock.set(moment)
        transaction.now = moment

    def _look_around(self, transaction: Transaction) -> None:
        """Bring what the last event left to be delivered, and plan an answer to every task that it opened."""
        # Each event stands for a transaction of its own, in which only so much is delivered.
        transaction.deliveries = 0
        while deliver(self._runtime, transaction):
            transaction.deliveries = 0
        moved, self._moved = self._moved, set()
        for case in sorted(moved):
            script = self._scripts.get(case)
            if script is not None:
                for task in user_tasks.with_due_date(transaction, case):
                    self._answer(transaction, script, task)

    def _answer(self, transaction: Transaction, script: Script, task: TaskRow) -> None:
        if task.key in self._seen:
            return
        self._seen.add(task.key)
        name = f"{task.process}/{task.element}"
        answers = script.answers.get(name, script.answers.get(task.element, ()))
        given = self._given[task.case, name]
        if given >= len(answers):
            return
        self._given[task.case, name] = given + 1
        answer = answers[given]
        moment = transaction.now + answer.wait
        if not answer.at_once:
            moment = office_time(self._runtime.published(transaction).calendar, moment)
        self._plan(Event(moment, 0, script, task.key, answer))


def _next_due(transaction: Transaction) -> Due | None:
    """Return what is due first: a timer, a timed start, or a service to be asked."""
    found = [Due(job.kind, job.key, job.due_at, job.tries) for job in jobs.due(transaction, 1)]
    if timed := lane.next_due(transaction):
        found.append(timed)
    return min(found, key=lambda due: (due.due_at, due.key), default=None)

"""Does what the steps of one scenario say, through the real commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from engine.clock import FixedClock, end_of_day, workdays_after
from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.complete_task import complete_task
from engine.commands.correlate_message import correlate_message, deliver_to_case
from engine.commands.publish_message import publish_message
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.start_by_timer import SCHEDULED
from engine.commands.start_case import start_case
from engine.commands.step import Beginning, begin_case
from engine.errors import BpmnError, Rejected
from engine.jobs.run import run_due
from engine.model import SYSTEM
from engine.queries.waiting import next_timer, open_tasks, pending_services
from engine.rehearsal.cast import CITIZEN, SYSTEM_ROLE, Cast
from engine.rehearsal.events import start_by_event
from engine.runtime import Runtime
from engine.scenario import (
    AnswerJob,
    Complete,
    PublishMessage,
    Refuse,
    Scenario,
    SendMessage,
    SendSignal,
    Start,
    StartByEvent,
    Step,
    Wait,
)
from engine.store import jobs
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow

Found = TypeVar("Found", TaskRow, JobRow)
_TIMERS = frozenset({"timer"})
_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}


class Unplayable(Exception):
    """A step cannot be done: the sentence says what was there instead."""


class Player:
    """One scenario under way."""

    def __init__(self, runtime: Runtime, clock: FixedClock, scenario: Scenario, process: str) -> None:
        self.runtime = runtime
        self.scenario = scenario
        self.process = process
        self.case = 0
        self._clock = clock
        self._cast = Cast(runtime)
        self._region = scenario.start.at

    def engage(self) -> None:
        """Have everybody the scenario names at work before it begins, as forms offer colleagues to choose from."""
        steps = [step.action if isinstance(step, Refuse) else step for step in self.scenario.steps]
        with self.runtime.write() as transaction:
            for step in (self.scenario.start, *steps):
                if isinstance(step, Start | Complete):
                    self._cast.actor(transaction, step.by, step.at or self._region)

    def do(self, step: Step) -> None:
        """Do one step, then whatever is due by it. Raises Rejected or Unplayable."""
        if isinstance(step, Start):
            self._start(step)
        elif isinstance(step, StartByEvent):
            self._start_by_event(step)
        elif isinstance(step, Complete):
            self._complete(step)
        elif isinstance(step, AnswerJob):
            self._answer(step)
        elif isinstance(step, SendMessage):
            self._send(step)
        elif isinstance(step, PublishMessage):
            self._publish(step)
        elif isinstance(step, SendSignal):
            self._signal(step)
        elif isinstance(step, Wait):
            self._wait(step)
        elif isinstance(step, Refuse):
            self._refuse(step)
        run_due(self.runtime, _TIMERS)

    def _start(self, step: Start) -> None:
        if step.by.role == SYSTEM_ROLE:
            self._start_by_service(step)
            return
        with self.runtime.write() as transaction:
            actor = self._cast.actor(transaction, step.by, step.at)
            form = self.runtime.latest(transaction, self.process).start_form
            channel = step.channel or ("h5" if step.by.role == CITIZEN else "web")
            started = start_case(
                self.runtime, transaction, actor, process=self.process, region=step.at,
                values=self.scenario.data_for(form.id if form else None, step.data), channel=channel,
            )  # fmt: skip
        self.case = self.case or started.key
        self._region = step.at

    def _start_by_service(self, step: Start) -> None:
        with self.runtime.write() as transaction:
            definition = self.runtime.latest(transaction, self.process)
            values = self.scenario.data_for(None, step.data)
            event = None if definition.starts_by_hand else definition.event_starts[0]
            if event is not None and event.event is not None and event.event.kind == "timer":
                values = {SCHEDULED: self._clock.now(), **values}
            beginning = Beginning(definition, step.at, values, "system", event=event.id if event else None)
            row = begin_case(self.runtime, transaction, SYSTEM, beginning)
        self.case = self.case or row.key

    def _start_by_event(self, step: StartByEvent) -> None:
        started = start_by_event(self.runtime, self._clock, self.process, step)
        if started is None:
            raise Unplayable(f"「{step.name}」没有在 {step.at} 发起案件。")
        self.case = self.case or started
        self._region = step.at

    def _complete(self, step: Complete) -> None:
        with self.runtime.write() as transaction:
            task = self._task(transaction, step)
            actor = self._cast.actor(transaction, step.by, step.at or self._region)
            complete_task(
                self.runtime, transaction, actor, task=task.key, revision=task.revision,
                values=self.scenario.data_for(task.form, step.data),
            )  # fmt: skip

    def _task(self, transaction: Transaction, step: Complete) -> TaskRow:
        tasks = open_tasks(transaction)
        fitting = [task for task in tasks if step.task in (task.name, task.element) and _same(step.item, task.item)]
        # Of several cases that wait for the same, the one at the place where the step says.
        fitting.sort(key=lambda task: step.at is not None and task.region != step.at)
        return self._one(fitting, f"任务「{step.task}」", [task.name for task in tasks])

    def _answer(self, step: AnswerJob) -> None:
        with self.runtime.read() as transaction:
            services = pending_services(transaction)
        job = self._one(
            [job for job in services if job.type == step.type and self._asks_about(job, step.item)],
            f"外部服务「{step.type}」" + (f"({step.item})" if step.item else ""),
            [job.type for job in services],
        )
        with self.runtime.write() as transaction:
            self._settle(transaction, job, step)

    def _asks_about(self, job: JobRow, item: str | None) -> bool:
        """Return whether the service is asked with a value that is the item: iterations are told apart by what they ask."""
        return item is None or item in jobs.payload(self.runtime.keyring, job)["variables"].values()

    def _settle(self, transaction: Transaction, job: JobRow, step: AnswerJob) -> None:
        if step.outcome == "returns":
            settle_job(self.runtime, transaction, job=job.key, tries=job.tries, outcome=step.data)
        elif step.outcome == "error":
            error = BpmnError(step.error or "", step.data)
            settle_job(self.runtime, transaction, job=job.key, tries=job.tries, outcome=error)
        else:
            fault = as_fault(TimeoutError("no answer"), job.element)
            for tries in range(job.tries, job.retries):
                settle_job(self.runtime, transaction, job=job.key, tries=tries, outcome=fault)

    def _send(self, step: SendMessage) -> None:
        with self.runtime.write() as transaction:
            if step.key is None:
                taken = deliver_to_case(
                    self.runtime, transaction, SYSTEM, case=self.case, name=step.name, values=step.data
                )
            else:
                found = correlate_message(
                    self.runtime, transaction, SYSTEM, name=step.name, key=step.key, values=step.data
                )
                taken = found is not None
        if not taken:
            raise Unplayable(f"没有案件在等消息「{step.name}」。")

    def _publish(self, step: PublishMessage) -> None:
        with self.runtime.write() as transaction:
            publish_message(
                self.runtime, transaction, SYSTEM, name=step.name, key=step.key or "", values=step.data,
                region=self._region,
            )  # fmt: skip

    def _signal(self, step: SendSignal) -> None:
        with self.runtime.write() as transaction:
            told = broadcast_signal(
                self.runtime, transaction, SYSTEM, name=step.name, values=step.data, region=self._region
            )
        if not told.heard + told.later:
            raise Unplayable(f"没有案件在等信号「{step.name}」。")

    def _wait(self, step: Wait) -> None:
        until = self._until(step)
        while (due := self._next_timer(until)) is not None:
            self._clock.set(max(due, self._clock.now()))
            if run_due(self.runtime, _TIMERS) == 0:
                break
        self._clock.set(max(until, self._clock.now()))

    def _next_timer(self, until: datetime) -> datetime | None:
        with self.runtime.read() as transaction:
            return next_timer(transaction, until)

    def _until(self, step: Wait) -> datetime:
        now = self._clock.now()
        if step.until is not None:
            return step.until
        if step.unit == "workdays":
            with self.runtime.read() as transaction:
                calendar = self.runtime.published(transaction).calendar
            return end_of_day(workdays_after(calendar, now.date(), step.count))
        return now + _UNITS[step.unit] * step.count

    def _refuse(self, step: Refuse) -> None:
        try:
            self.do(step.action)
        except Rejected as rejected:
            told = (rejected.message, *getattr(rejected, "fields", {}).values())
            if not any(step.because in text.zh or step.because in text.en for text in told):
                raise Unplayable(f"应以「{step.because}」被拒绝,实际理由是「{told[0].zh}」。") from rejected
            return
        raise Unplayable(f"应以「{step.because}」被拒绝,实际却通过了。")

    def _one(self, fitting: Sequence[Found], wanted: str, present: Sequence[str]) -> Found:
        own = [found for found in fitting if found.case == self.case] or list(fitting)
        if not own:
            raise Unplayable(f"应有{wanted},现在有:{'、'.join(present) or '无'}。")
        return own[0]


def _same(wanted: str | None, item: str | None) -> bool:
    return wanted is None or wanted == item

"""Short ways of doing what tests do all the time, each in a transaction of its own as a request would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from engine.commands.complete_task import CompletedTask, complete_task
from engine.commands.start_case import StartedCase, start_case
from engine.jobs.run import run_due
from engine.model import Actor
from engine.queries.waiting import open_tasks
from engine.runtime import Runtime
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Command = Callable[Concatenate[Runtime, Transaction, Actor, Given], Answer]


class Desk:
    """A place at which people do their work."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def do(self, command: Command[Given, Answer], actor: Actor, *args: Given.args, **given: Given.kwargs) -> Answer:
        """Return what the command answers, committed."""
        return self.runtime.attempt(lambda transaction: command(self.runtime, transaction, actor, *args, **given))

    def ask(self, question: Command[Given, Answer], actor: Actor, *args: Given.args, **given: Given.kwargs) -> Answer:
        """Return what the query answers."""
        with self.runtime.read() as transaction:
            return question(self.runtime, transaction, actor, *args, **given)

    def start(self, actor: Actor, process: str, region: str, **values: Any) -> StartedCase:
        """Return the case that the person starts with these form values."""
        channel = "web" if actor.person is not None else "h5"
        return self.do(start_case, actor, process=process, region=region, values=values, channel=channel)

    def complete(self, actor: Actor, case: int, element: str, values: Mapping[str, Any] | None = None) -> CompletedTask:
        """Return the completed task at the element of the case."""
        row = self.task(case, element)
        return self.do(complete_task, actor, task=row.key, revision=row.revision, values=values or {})

    def task(self, case: int, element: str) -> TaskRow:
        """Return the open task at the element of the case. Raises LookupError when there is none."""
        found = [row for row in self.tasks(case) if row.element == element]
        if not found:
            raise LookupError(f"no open task {element}, but {[row.element for row in self.tasks(case)]}")
        return found[0]

    def tasks(self, case: int) -> list[TaskRow]:
        """Return the open tasks of the case, oldest first."""
        with self.runtime.read() as transaction:
            return [row for row in open_tasks(transaction) if row.case == case]

    def run_due(self) -> int:
        """Return how many due timers and remote services ran."""
        return run_due(self.runtime)

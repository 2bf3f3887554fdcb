"""Plays a case on small stores in memory, live or with save and load before every operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.clock import SHANGHAI, Calendar
from engine.diagram.tree import Diagram
from engine.errors import BpmnError
from engine.model import Evaluation, Iteration, IterationChanges, Step
from engine.spiff import ExecutionEnvironment, Program, Run, build, check_invariants, fingerprint
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.standard_loop import StandardLoop
from engine.spiff.specs.sub_process import SubProcess

NOW = datetime(2026, 1, 31, 8, tzinfo=SHANGHAI)
Service = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def program(entry: Diagram, *called: Diagram) -> Program:
    return build(entry, {one.executable.id: one for one in called})


def numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    """Test values with whole numbers made exact, as the store gives them."""
    return {name: _exact(value) for name, value in values.items()}


def _exact(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | list | dict):
        return value
    if isinstance(value, int):
        return Decimal(value)
    return [_exact(one) for one in value] if isinstance(value, list) else numbers(value)


class Rows:
    """Stored variables, as a store keeps them."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, str], Any] = {}
        self.loads: list[tuple[int, str]] = []

    def load(self, scope: int, name: str) -> Any:
        self.loads.append((scope, name))
        return self.rows[scope, name]

    def apply(self, step: Step) -> None:
        for scope in step.closed_scopes:
            self.rows = {key: value for key, value in self.rows.items() if key[0] != scope}
        self.rows.update(step.variables)


def places(run: Run) -> str:
    """The elements where something stands; ``~`` marks what waits for an event or at a join."""
    found = []
    for token in run.case.index.values():
        if token.owner is None or isinstance(token.spec, SubProcess | MultiInstance | StandardLoop):
            continue
        if token.spec.kind != "eventBasedGateway":
            found.append(token.spec.bpmn_id + ("~" if token.state == TaskState.WAITING else ""))
    return " ".join(sorted(found)) or ("DONE" if run.ended else "NOTHING")


class KeptIterations:
    """Iterations kept apart, as a store keeps them; what is read is a copy."""

    def __init__(self) -> None:
        self.rows: dict[int, Iteration] = {}
        self.found: dict[int, dict[int, Any]] = {}
        self.inside: dict[int, int] = {}
        self.reads = 0

    def holding(self, token: int) -> list[Iteration]:
        held = self.rows.get(self.inside.get(token, token))
        if held is None:
            return []
        self.reads += 1
        return [*(self.holding(held.around) if held.around else []), replace(held, values=dict(held.values))]

    def unfinished(self, body: int) -> Iterator[Iteration]:
        for row in sorted(self.rows.values(), key=lambda row: row.token):
            if row.body == body:
                self.reads += 1
                yield replace(row, values=dict(row.values))

    def results(self, body: int) -> Mapping[int, Any]:
        return self.found.get(body, {})

    def apply(self, changes: IterationChanges) -> None:
        for body in changes.ended:
            gone = {row.token for row in self.rows.values() if row.body == body}
            self.rows = {token: row for token, row in self.rows.items() if token not in gone}
            self.inside = {token: holder for token, holder in self.inside.items() if holder not in gone}
            self.found.pop(body, None)
        for result in changes.results:
            self.found.setdefault(result.body, {})[result.position] = result.value
            self.rows.pop(result.token, None)
        for token in changes.finished:
            del self.rows[token]
        for token in changes.left:
            del self.inside[token]
        assert not {row.token for row in changes.begun} & self.rows.keys()
        assert {row.token for row in changes.moved} <= self.rows.keys()
        self.rows.update({row.token: row for row in (*changes.begun, *changes.moved)})
        self.inside.update(changes.entered)
        assert set(self.inside.values()) <= self.rows.keys()


class Player:
    """One case; ``services`` are local handlers by type, other types are remote."""

    def __init__(
        self,
        built: Program,
        values: Mapping[str, Any] | None = None,
        *,
        reload: bool = False,
        services: Mapping[str, Service] | None = None,
        decide: Callable[[str, Mapping[str, Any]], Evaluation] | None = None,
        calendar: Calendar = Calendar({}),
        sound: bool = True,
        begin: str | None = None,
    ) -> None:
        self.program = built
        self.reload = reload
        self.services = dict(services or {})
        self.rows = Rows()
        self.kept = KeptIterations()
        self.steps: list[Step] = []
        self.sizes: list[int] = []
        self.sound = sound
        self.environment = ExecutionEnvironment(
            now=NOW,
            calendar=calendar,
            policy={"publicity": {"days": Decimal(7)}},
            case={"id": "1", "region": "410721101"},
            is_local=lambda name: name in self.services,
            decide=decide or (lambda name, context: Evaluation(None)),
        )
        self.waiting: dict[int, str] = {}
        self.run = Run.start(built, self.environment, numbers(values or {}), begin, iterations=self.kept)
        self._advance()

    # --- operations

    def do(self, move: Callable[[Run], None]) -> Player:
        if self.reload:
            self.run = self.loaded()
        move(self.run)
        self._advance()
        return self

    def user(self, name: str, n: int = 0, /, **values: Any) -> Player:
        token = self.find(name, n, "user_task")
        return self.do(lambda run: run.complete(token, numbers(values)))

    def fire(self, name: str, n: int = 0) -> Player:
        token = self.find(name, n, "timer")
        return self.do(lambda run: run.fire(token))

    def send(self, name: str, n: int = 0, /, **values: Any) -> Player:
        token = self.find(name, n, "message")
        return self.do(lambda run: run.deliver(token, numbers(values)))

    def hear(self, name: str, n: int = 0, /, **values: Any) -> Player:
        """Let a signal of another case come to one that waits for it."""
        token = self.find(name, n, "signal")
        return self.do(lambda run: run.deliver(token, numbers(values)))

    def job(self, name: str, n: int = 0, /, **values: Any) -> Player:
        token = self.find(name, n, "job")
        return self.do(lambda run: run.job_done(token, numbers(values)))

    def job_error(self, name: str, code: str, /, **values: Any) -> Player:
        token = self.find(name, 0, "job")
        return self.do(lambda run: run.job_error(token, code, numbers(values)))

    def tick(self) -> tuple[str, str]:
        """Fire the earliest timer at its time."""
        due, token, element = self.timers()[0]
        self.pass_until(due)
        self.do(lambda run: run.fire(token))
        return f"{due:%m-%dT%H:%M}", element

    def pass_until(self, moment: datetime) -> None:
        self.environment = replace(self.environment, now=max(self.environment.now, moment))
        self.run.case.environment = self.environment
        self.run.case.feel.facts = self.environment
        self.run.case.scopes.environment = self.environment
        self.run.case.feel.feel = replace(self.run.case.feel.feel, now=self.environment.now)

    def wait(self, **span: int) -> None:
        self.pass_until(self.environment.now + timedelta(**span))

    # --- looking

    def loaded(self) -> Run:
        return Run.load(self.program, self.state, self.environment, self.rows, self.kept)

    @property
    def whole(self) -> Run:
        """The case with all its iterations."""
        return self.loaded().gather() if self.reload and self.run.divided else self.run

    def find(self, name: str, n: int, kind: str) -> int:
        return sorted(w.token for w in self.whole.waits() if w.element == name and w.kind == kind)[n]

    def timers(self) -> list[tuple[datetime, int, str]]:
        armed = {timer.token: timer for step in self.steps for timer in step.timers}
        waiting = [wait.token for wait in self.whole.waits() if wait.kind == "timer"]
        return sorted((armed[token].due, token, armed[token].element) for token in waiting)

    @property
    def at(self) -> str:
        return places(self.whole)

    def value(self, name: str, scope: int = 0) -> Any:
        return self.rows.rows.get((scope, name))

    def history(self) -> list[tuple[str, Any]]:
        """Everything that every step said, in order."""
        found: list[tuple[str, Any]] = []
        for step in self.steps:
            found += [("entered", one) for one in step.entered]
            found += [("left", one) for one in step.left]
            found += [("flow", one) for one in step.flows]
            found += [("opened", one) for one in step.opened]
            found += [("timer", one) for one in step.timers]
            found += [("job", one) for one in step.jobs]
            found += [("message", one) for one in (*step.subscriptions, *step.messages, *step.signals)]
            found += [("variables", dict(step.variables)), ("closed", sorted(step.closed_scopes))]
            found.append(("end", (step.ended, step.end_event, step.escalations)))
        return found

    # --- within

    def _advance(self) -> None:
        while (call := self.run.advance()) is not None:
            try:
                result = self.services[call.type](call.variables)
            except BpmnError as error:
                self.run.throw(error.code, error.values)
            else:
                self.run.answer(numbers(result))
        self.run.step.jobs[:] = [replace(job, variables=dict(job.variables)) for job in self.run.step.jobs]
        step = self.run.take_step()
        self.steps.append(step)
        self.rows.apply(step)
        self.state = self.run.save()
        self.sizes.append(len(self.state))
        self.kept.apply(self.run.take_iterations())
        broken = check_invariants(self.whole)
        assert not broken, broken
        self._check_rows(step)

    def _check_rows(self, step: Step) -> None:
        """What the store would have as waiting rows is what the tokens wait for."""
        for one in (*step.opened, *step.timers, *step.jobs, *step.subscriptions):
            self.waiting[one.token] = one.element
        for left in step.left:
            self.waiting.pop(left.token, None)
        assert self.waiting == {wait.token: wait.element for wait in self.whole.waits()}
        entered = [one.token for one in self._all("entered")]
        gone = [one.token for one in self._all("left")]
        assert len(gone) == len(set(gone))
        if self.run.ended:
            assert set(entered) <= set(gone)
            assert not {scope for scope, _ in self.rows.rows if scope}

    def _all(self, kind: str) -> list[Any]:
        return [one for step in self.steps for one in getattr(step, kind)]


def play(built: Program, scene: Callable[[Player], None], **settings: Any) -> Player:
    """Play a scene live and with save and load at every step; both must say the same and leave the specs alone."""
    before = fingerprint(built.definitions)
    live = Player(built, reload=False, **settings)
    scene(live)
    stored = Player(built, reload=True, **settings)
    scene(stored)
    assert stored.history() == live.history()
    assert stored.at == live.at
    assert stored.state == live.state
    assert fingerprint(built.definitions) == before
    return stored

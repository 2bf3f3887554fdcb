"""A running case as commands see it: start or load it, move one token, advance, take the step, save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.util.task import TaskState

from engine.errors import Conflict, ModelError, Text
from engine.feel import Environment
from engine.model import (
    ArmedTimer,
    Iteration,
    IterationChanges,
    Left,
    LocalCall,
    Modification,
    MovableToken,
    Obstacle,
    OpenedTask,
    PossibleStart,
    Step,
    WaitKind,
)
from engine.spiff import codec
from engine.spiff.case import Case
from engine.spiff.climbing import climb
from engine.spiff.element_map import ElementMap
from engine.spiff.environment import ExecutionEnvironment, NoIterations, NoVariables, StoredIterations, Variables
from engine.spiff.examining import obstacles
from engine.spiff.limits import Budget
from engine.spiff.modifying import modify, movable, possible_starts
from engine.spiff.specs.activity import Activity
from engine.spiff.specs.catch import CatchEvent
from engine.spiff.specs.service_task import ServiceTask
from engine.spiff.specs.trigger import arm, plan_at, subscribe
from engine.spiff.specs.user_task import UserTask
from engine.spiff.timers import Armed
from engine.spiff.transplanting import transplant
from engine.spiff.undoing import cancel_undoing, undoable

if TYPE_CHECKING:
    from engine.spiff.program import Program
    from engine.spiff.tokens import Token

_NOTHING: Mapping[str, Any] = {}


class NotWaiting(Conflict):
    """The token does not wait for this (any more): somebody or something else was first."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A token that the outside world has to move, and how."""

    token: int
    process: str
    element: str
    kind: WaitKind
    item: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A token: its element, how it has to be moved from outside, what it waits for, the text of its correlation key."""

    token: int
    process: str
    element: str
    name: str
    kind: WaitKind | None
    awaits: str | None
    key: str | None


class Run:
    """One case in memory; an object whose step failed must be thrown away."""

    def __init__(self, program: Program, case: Case) -> None:
        self._program = program
        self._case = case

    # --- beginning and end

    @classmethod
    def start(
        cls,
        program: Program,
        environment: ExecutionEnvironment,
        values: Mapping[str, Any],
        event: str | None = None,
        variables: Variables | None = None,
        iterations: StoredIterations | None = None,
    ) -> Run:
        """Return a new case at its none start event, or at the given start event; advance it next."""
        case = Case(
            program.definitions, program.entry, environment, variables or NoVariables(), iterations or NoIterations()
        )
        case.begin()
        case.scopes.open(0, values)
        case.enter(*((event,) if event else ()))
        return cls(program, case)

    @classmethod
    def load(
        cls,
        program: Program,
        state: bytes,
        environment: ExecutionEnvironment,
        variables: Variables,
        iterations: StoredIterations | None = None,
    ) -> Run:
        """Return a stored case; variables, and iterations kept apart, are read one by one when needed.

        Raises ModelError if unreadable.
        """
        return cls(program, codec.load(state, program, environment, variables, iterations or NoIterations()))

    def save(self) -> bytes:
        """Return the state to store, without variables and without iterations kept apart."""
        return codec.save(self._case)

    def take_iterations(self) -> IterationChanges:
        """Return what has changed in iterations kept apart since this was called last; it counts as stored then."""
        return self._case.iterations.take()

    def gather(self) -> Run:
        """Read every iteration kept apart, to look at the whole case; returns the run."""
        self._case.iterations.gather()
        return self

    @property
    def divided(self) -> bool:
        """Return whether some iterations of the case are kept apart."""
        return bool(self._case.iterations.bodies)

    @property
    def step(self) -> Step:
        """Return what has happened since the case was started, loaded, or ``take_step`` was called."""
        return self._case.journal.step

    def take_step(self) -> Step:
        """Return what has happened and begin a new step; what was taken counts as stored."""
        step, self._case.journal.step = self._case.journal.step, Step()
        self._case.scopes.step = self._case.journal.step
        self._case.journal.views = {}
        self._case.scopes.settle()
        return step

    @property
    def ended(self) -> bool:
        """Return whether no token is left."""
        return self._case.completed

    # --- moving on

    def advance(self) -> LocalCall | None:
        """Run until every token waits and return None, or return the local service that has to be called first."""
        call = self._case.advance()
        if call is None and not self.ended and not self._is_waiting():
            raise _stuck(self._case)
        return call

    def _is_waiting(self) -> bool:
        return self._case.iterations.waiting or any(_kind(token) for token in self._case.index.values())

    def answer(self, values: Mapping[str, Any]) -> None:
        """Give the pending local call its result; then advance again."""
        self._finish(self._called(), values)

    def throw(self, code: str, values: Mapping[str, Any]) -> None:
        """Let the pending local call end with a BPMN error; raises ModelError when nothing catches it."""
        climb(self._called(), "error", code, values)

    def complete(self, token: int, values: Mapping[str, Any]) -> None:
        """Complete a user task with the values of its form; raises NotWaiting."""
        task = self._expect(token, UserTask, TaskState.READY)
        self._finish(task, values)

    def fire(self, token: int) -> None:
        """Let a timer fire; raises NotWaiting."""
        event = self._expect(token, CatchEvent, TaskState.WAITING, "timer")
        cast(CatchEvent, event.spec).fire(event, _NOTHING)

    def deliver(self, token: int, values: Mapping[str, Any]) -> None:
        """Deliver a message or a signal to a token that waits for it; raises NotWaiting."""
        event = self._expect(token, CatchEvent, TaskState.WAITING, "message", "signal")
        cast(CatchEvent, event.spec).fire(event, values)

    def job_done(self, token: int, values: Mapping[str, Any]) -> None:
        """Give a remote service's result to the token that waits for it; raises NotWaiting."""
        self._finish(self._expect(token, ServiceTask, TaskState.STARTED), values)

    def job_error(self, token: int, code: str, values: Mapping[str, Any]) -> None:
        """Let a remote service end with a BPMN error; raises NotWaiting, or ModelError when nothing catches it."""
        climb(self._expect(token, ServiceTask, TaskState.STARTED), "error", code, values)

    def cancel_all(self) -> None:
        """Cancel every token and end the case without an end event."""
        self._case.finish()

    def cancel_undoing(self) -> None:
        """Cancel every token and undo what was completed, newest first; advance it next. Raises Conflict."""
        self._case.budget = Budget()
        cancel_undoing(self.gather()._case)

    def write(self, values: Mapping[str, Any], token: int | None = None) -> None:
        """Change variables from outside, such as a correction: where a token sees them, else in the case."""
        self._case.scopes.assign(self._at(token), values)

    # --- looking

    @property
    def undoable(self) -> int:
        """Return how many completed activities would be undone if the case were cancelled that way."""
        return undoable(self._case)

    def view(self, token: int | None = None) -> Mapping[str, Any]:
        """Return what a token sees (None: the case), read lazily, with ``case`` and ``policy``."""
        return self._case.scopes.view(self._at(token))

    def view_after(self, left: Left) -> Mapping[str, Any]:
        """Return what a token of this step saw when it completed an activity that produces a document."""
        return self._case.journal.views.get(left.token) or self.view()

    def waits(self) -> list[Wait]:
        """Return every token that people, time, messages or services have to move, oldest first."""
        waits = ((token, _kind(token)) for _, token in sorted(self._case.index.items()))
        return [
            Wait(token.key, token.spec.process, token.spec.bpmn_id, kind, token.item())
            for token, kind in waits
            if kind is not None
        ]

    def replan(self, token: int) -> ArmedTimer:
        """Return a waiting timer computed anew from when it was armed, as after a calendar was entered."""
        event = self._expect(token, CatchEvent, TaskState.WAITING, "timer")
        trigger = event.spec.trigger
        assert trigger is not None
        old = Armed.restored(event.internal_data["timer"])
        armed = plan_at(event, trigger, Environment(now=old.at, calendar=self._case.environment.calendar))
        while armed.schedule.fired < old.schedule.fired and (following := armed.next()) is not None:
            armed = following
        return arm(event, trigger, armed)

    def replan_task(self, token: int) -> OpenedTask:
        """Return an open user task with its due times computed anew from when it was opened."""
        task = self._expect(token, UserTask, TaskState.READY)
        return cast(UserTask, task.spec).opened(task)

    # --- by hand

    def movable(self) -> list[MovableToken]:
        """Return every token that may be ended by hand, oldest first."""
        return movable(self.gather()._case)

    def possible_starts(self) -> list[PossibleStart]:
        """Return every element at which a token may be started by hand, as the case is now."""
        return possible_starts(self.gather()._case)

    def modify(self, plan: Modification) -> None:
        """Set variables, end tokens and start others; advance it next.

        Raises Conflict in words where the case would be left with something that cannot go on.
        """
        self._case.budget = Budget()
        modify(self.gather()._case, plan)

    # --- to another version

    def obstacles(self, elements: ElementMap) -> tuple[Obstacle, ...]:
        """Return why the case cannot be moved to another version of its process; empty when it can."""
        return obstacles(self.gather()._case, elements)

    def transplanted(
        self,
        elements: ElementMap,
        environment: ExecutionEnvironment,
        variables: Variables,
        iterations: StoredIterations,
    ) -> Run:
        """Return the case on the other version, which must have no obstacle, with new listeners armed; advance it."""
        case = transplant(self.gather()._case, elements, environment, variables, iterations)
        return Run(elements.target, case)

    def standing(self) -> dict[int, Standing]:
        """Return where every token of the case stands and what it waits for, by token."""
        tokens = (token for token in self.gather()._case.index.values() if token.owner is not None)
        return {token.key: _standing(token) for token in tokens}

    def open_tasks(self) -> list[OpenedTask]:
        """Return every open user task as it stands, with due times counted from when it was opened."""
        tokens = [token for _, token in sorted(self.gather()._case.index.items()) if _kind(token) == "user_task"]
        return [cast(UserTask, token.spec).opened(token) for token in tokens]

    def iterations_as_stored(self) -> dict[int, Iteration]:
        """Return the iterations kept apart as they were read or last taken, by their tokens."""
        return self._case.iterations.as_stored()

    def tokens_inside_iterations(self) -> list[tuple[int, int]]:
        """Return every token inside an iteration kept apart, with its iteration."""
        live = self.gather()._case.index.values()
        return [(token.key, token.part) for token in live if token.part not in (0, token.key) and token.owner]

    def skip_keys(self, other: Run) -> None:
        """Give no key again that another run of the same case has given."""
        self._case.last_key = max(self._case.last_key, other._case.last_key)

    def await_again(self, token: int) -> None:
        """Note once more what a waiting event waits for, as if it had just begun; a timer keeps its time."""
        event = self._expect(token, CatchEvent, TaskState.WAITING)
        trigger = event.spec.trigger
        assert trigger is not None
        if trigger.kind == "timer":
            arm(event, trigger, Armed.restored(event.internal_data["timer"]))
        else:
            subscribe(event, trigger)

    @property
    def case(self) -> Case:
        """Return the workflow underneath, for this package and its tests."""
        return self._case

    # --- within

    def _at(self, token: int | None) -> Token:
        if token is None:
            return self._case.root
        found = self._case.token(token)
        if found is None:
            raise _not_waiting()
        return found

    def _called(self) -> Token:
        if self._case.pending is None:
            raise RuntimeError("no local call is pending")
        token, _ = self._case.pending
        self._case.pending = None
        return token

    def _expect(self, key: int, kind: type[Activity], state: int, *triggers: str) -> Token:
        """Return the token if it waits for exactly this; begins a new budget."""
        token = self._case.token(key)
        if token is None or token.state != state or not isinstance(token.spec, kind):
            raise _not_waiting()
        if triggers and (token.spec.trigger is None or token.spec.trigger.kind not in triggers):
            raise _not_waiting()
        self._case.budget = Budget()
        return token

    def _finish(self, token: Token, values: Mapping[str, Any]) -> None:
        cast(Activity, token.spec).deliver(token, values)
        token._set_state(TaskState.STARTED)
        token.complete()


def _kind(token: Token) -> WaitKind | None:
    if token.owner is None:
        return None
    awaited = token.spec.awaited
    if awaited == "user_task":
        return awaited if token.state == TaskState.READY else None
    if awaited == "job":
        return awaited if token.state == TaskState.STARTED else None
    return awaited if token.waiting else None


def _standing(token: Token) -> Standing:
    spec, kind = token.spec, _kind(token)
    trigger = spec.trigger
    name = None
    if trigger is not None and kind in ("message", "signal", "conditional"):
        name = trigger.expression.text if kind == "conditional" and trigger.expression else trigger.name or ""
    key = trigger.key.text if trigger is not None and trigger.key is not None else None
    return Standing(token.key, spec.process, spec.bpmn_id, spec.bpmn_name, kind, name, key)


def _stuck(case: Case) -> ModelError:
    """Return the fault of a case that nobody can move: tokens wait at joins for others that cannot come."""
    waiting = [token for _, token in sorted(case.index.items()) if token.waiting]
    joins = [token.spec.bpmn_id for token in waiting if token.spec.joins]
    shown = ", ".join(dict.fromkeys(joins))
    zh = f"案件应能继续,但所有分支都停在汇合网关({shown})等待不会到来的分支;请检查分支与汇合是否配对。"
    en = (
        f"Expected the case to go on, but all branches wait at joins ({shown}) for others that cannot come, "
        "so check that splits and joins match."
    )
    return ModelError(Text(zh, en), joins[0] if joins else None)


def _not_waiting() -> NotWaiting:
    zh = "此事项应仍在等待处理,但已被办结或取消;请刷新后查看最新进展。"
    en = "Expected the token to wait for this, but it has gone on or was cancelled, so look at the case again."
    return NotWaiting(Text(zh, en))

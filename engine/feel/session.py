"""One evaluation under way: where it reads, what it may spend, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.clock import SHANGHAI, Calendar, workdays_after, workdays_between
from engine.errors import Text
from engine.feel.values import SCALARS, normal
from engine.model import Problem

MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may cost; every cap is a number a caller can change."""

    length: int = 10_000
    nesting: int = 80
    steps: int = 45_000
    calls: int = 250
    characters: int = 100_000
    items: int = 20_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Environment:
    """What an evaluation depends on beside its context: the time, the working-day calendar and the caps.

    Make a fresh one for each step: it remembers whether days of a year not yet announced were counted.
    """

    now: datetime
    calendar: Calendar
    limits: Limits = DEFAULT_LIMITS
    provisional: list[bool] = field(default_factory=list, compare=False)

    def used_provisional(self) -> bool:
        """Return whether an evaluation counted working days in a year that is not announced."""
        return bool(self.provisional)

    def workdays_after(self, start: date, days: int) -> date:
        """Return the n-th working day after the start, noting provisional years. Raises ValueError if too far."""
        end = workdays_after(self.calendar, start, days)
        self._note(start, end)
        return end

    def workdays_between(self, a: date, b: date) -> int:
        """Return the working days after ``a`` up to ``b``, noting provisional years. Raises ValueError if too far."""
        count = workdays_between(self.calendar, a, b)
        self._note(a, b)
        return count

    def _note(self, first: date, last: date) -> None:
        if not self.provisional and self.calendar.is_provisional(first, last):
            self.provisional.append(True)


IDLE = Environment(datetime(2000, 1, 1, tzinfo=SHANGHAI), Calendar({}))
"""For computing constants, which depend on no environment."""


class Failure(Exception):
    """An operation has no value: the expression goes on with null and the problem is kept."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Halt(Failure):
    """The evaluation would cost too much: the whole expression is null."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the text a part of the expression stands."""

    position: int
    text: str


class Session:
    """The running state that all parts of one evaluation share."""

    __slots__ = ("_read", "context", "depth", "environment", "limits", "problems", "steps")

    def __init__(self, context: Mapping[str, Any], environment: Environment) -> None:
        self.context = context
        self.environment = environment
        self.limits = environment.limits
        self.steps = environment.limits.steps
        self.depth = 0
        self.problems: list[Problem] = []
        self._read: dict[tuple[str, ...], Any] = {}

    def take(self, path: tuple[str, ...], value: Any) -> Any:
        """Return a value of the context as FEEL computes with it; lists and contexts are converted once.

        Raises ValueError for a value of no FEEL kind.
        """
        if type(value) in SCALARS:
            return value
        taken = self._read.get(path)
        if taken is None:
            taken = self._read[path] = normal(value)
        return taken

    def spend(self, steps: int) -> None:
        """Take steps from the budget. Raises Halt when it is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise Halt(
                Text(
                    f"计算步数应不超过 {self.limits.steps}，此表达式超出，请缩小列表或简化。",
                    f"Expected at most {self.limits.steps} steps, but the expression needs more; use shorter lists.",
                )
            )

    def enter(self, weight: int) -> None:
        """Go one function call deeper; the caller must give the weight back. Raises Halt when too deep."""
        self.depth += weight
        if self.depth > self.limits.calls:
            raise Halt(Text("函数调用层数过深。", "Expected fewer nested function calls, but they go too deep."))

    def sized(self, value: Any) -> Any:
        """Return the value after paying for its size. Raises Halt when a cap is exceeded."""
        kind = type(value)
        if kind is str and len(value) > 64:
            self.measure(len(value), self.limits.characters, Text("个字符", "characters"))
            self.spend(len(value) >> 4)
        elif kind is list or kind is dict:
            self.measure(len(value), self.limits.items, Text("项", "items"))
            self.spend(len(value))
        return value

    def measure(self, size: int, cap: int, unit: Text) -> None:
        """Return nothing. Raises Halt when the size is over the cap."""
        if size > cap:
            raise Halt(
                Text(
                    f"结果应不超过 {cap} {unit.zh}，但会更大，请缩小范围。",
                    f"Expected at most {cap} {unit.en}, but there would be more; use a smaller range.",
                )
            )

    def about(self, subject: Any) -> Frame:
        """Return a frame in which ``?`` is the value."""
        return Frame(self, {"?": subject})

    def problem(self, place: Place, message: Text) -> None:
        """Keep a problem; returns null, so that callers can return it."""
        self.steps -= 2
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(place.position, place.text, message))


class Frame:
    """The names bound inside an expression (loop variables, parameters, filter items, context entries)."""

    __slots__ = ("context", "session", "values")

    def __init__(self, session: Session, values: dict[str, Any]) -> None:
        self.session = session
        self.context = session.context
        self.values = values

    def binding(self, values: dict[str, Any]) -> Frame:
        """Return a frame with more names bound."""
        return Frame(self.session, {**self.values, **values})

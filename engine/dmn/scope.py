"""Names in front of names: how results, parameters and ``?`` enter the scope of an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.errors import Text
from engine.feel import Compiled, Environment, Session
from engine.feel.session import Failure
from engine.model import Evaluation, Hit

MAX_CALLS = 10_000
MAX_DEPTH = 10


@dataclass(slots=True)
class Tally:
    """What one evaluation of a model gathers, the rules that matched, and what it may still spend."""

    steps: int
    hits: list[Hit] = field(default_factory=list)
    calls: int = MAX_CALLS
    depth: int = 0

    @contextmanager
    def calling(self, name: str) -> Iterator[None]:
        """Count a function whose body runs in an evaluation of its own. Raises Failure when there are too many."""
        self.calls -= 1
        if self.calls < 0 or self.depth >= MAX_DEPTH:
            raise Failure(
                Text(
                    f"“{name}”调用过多或层数过深,请简化。",
                    f"Expected fewer or less nested invocations of “{name}”, so simplify the model.",
                )
            )
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1


class Scope(Mapping[str, object]):
    """A mapping that looks into ``inner`` first, then into ``outer``; nothing is copied or read ahead.

    ``faulty`` are inner names whose value is null because it could not be computed.
    """

    __slots__ = ("faulty", "inner", "outer", "tally")

    def __init__(
        self,
        inner: Mapping[str, object],
        outer: Mapping[str, object],
        tally: Tally,
        faulty: frozenset[str] = frozenset(),
    ) -> None:
        self.inner = inner
        self.outer = outer
        self.tally = tally
        self.faulty = faulty

    def within(self, inner: Mapping[str, object], faulty: frozenset[str] = frozenset()) -> Scope:
        """Return a scope with more names in front of this one."""
        return Scope(inner, self, self.tally, faulty)

    def session(self, environment: Environment) -> Session:
        """Return a FEEL session on this scope that may spend what the whole evaluation has left."""
        session = Session(self, environment)
        session.steps = min(session.steps, self.tally.steps)
        return session

    def evaluate(self, compiled: Compiled, environment: Environment) -> Evaluation:
        """Return the expression's value here with its problems; its steps count for the whole evaluation."""
        session = self.session(environment)
        granted = session.steps
        value = compiled.run(session.about(None))
        self.tally.steps -= granted - session.steps
        return Evaluation(value, session.problems)

    def is_faulty(self, name: str) -> bool:
        """Return whether the name's value is null because it could not be computed."""
        if name in self.inner:
            return name in self.faulty
        return isinstance(self.outer, Scope) and self.outer.is_faulty(name)

    def __getitem__(self, name: str) -> object:
        if name in self.inner:
            return self.inner[name]
        return self.outer[name]

    def __contains__(self, name: object) -> bool:
        return name in self.inner or name in self.outer

    def __iter__(self) -> Iterator[str]:
        yield from self.inner
        yield from (name for name in self.outer if name not in self.inner)

    def __len__(self) -> int:
        return sum(1 for _ in self)

"""What a case may know of the world while it runs: everything else it has to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.clock import Calendar
from engine.model import Evaluation, Iteration


@dataclass(frozen=True, slots=True)
class ExecutionEnvironment:
    """The facts and the two callbacks of one step; ``now`` is business time, ``decide`` evaluates a decision by id."""

    now: datetime
    calendar: Calendar
    policy: Mapping[str, Any]
    case: Mapping[str, Any]
    is_local: Callable[[str], bool]
    decide: Callable[[str, Mapping[str, Any]], Evaluation]


class Variables(Protocol):
    """Where stored variables are read, one by one and only when needed; scope 0 is the case."""

    def load(self, scope: int, name: str) -> Any:
        """Return the stored value; raises KeyError when the scope has no such variable."""


class StoredIterations(Protocol):
    """Where iterations of parallel multi-instance are read that are kept apart from the state of their case."""

    def holding(self, token: int) -> Sequence[Iteration]:
        """Return the unfinished iteration in which a token is, after those around it; empty when there is none."""

    def unfinished(self, body: int) -> Iterator[Iteration]:
        """Yield the unfinished iterations of a body, oldest first, reading some at a time."""

    def results(self, body: int) -> Mapping[int, Any]:
        """Return the results of a body's finished iterations by their position."""


class NoIterations:
    """The iterations of a case that has not been stored yet: none."""

    def holding(self, token: int) -> Sequence[Iteration]:  # noqa: ARG002 (the protocol's)
        """Return nothing."""
        return ()

    def unfinished(self, body: int) -> Iterator[Iteration]:  # noqa: ARG002 (the protocol's)
        """Yield nothing."""
        return iter(())

    def results(self, body: int) -> Mapping[int, Any]:  # noqa: ARG002 (the protocol's)
        """Return nothing."""
        return {}


class NoVariables:
    """The variables of a case that has not been stored yet: none."""

    def load(self, scope: int, name: str) -> Any:
        """Raise KeyError: nothing is stored."""
        raise KeyError((scope, name))

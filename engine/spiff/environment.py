"""What a case may know of the world while it runs: everything else it has to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.clock import Calendar
from engine.model import Evaluation


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


class NoVariables:
    """The variables of a case that has not been stored yet: none."""

    def load(self, scope: int, name: str) -> Any:
        """Raise KeyError: nothing is stored."""
        raise KeyError((scope, name))

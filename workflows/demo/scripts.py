"""A case as data: how it starts, and what is answered whenever one of its tasks opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

# Values that are only known when they are typed in.
TODAY, NOW = "@today", "@now"
OPEN_CASE = "@open case"
SILENT, NO_INTERFACE = "no answer", "no interface"
_IN_DAYS = "@today+"
_OPERATOR = "@operator "


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person enters into a task, and how long after it opened (office hours decide the rest).

    ``of_page`` returns what further is entered, from what the page shows.
    """

    values: Mapping[str, Any]
    wait: timedelta = timedelta(hours=2)
    person: int = 1
    at_once: bool = False
    of_page: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """One case; a task without an answer left stays open, as do those after the demo's opening.

    ``answers`` are by element, or by ``process/element`` where two processes of the case name a step alike.

    ``bank`` says how transfers fail in turn, ``sources`` which sources of the check are SILENT or have NO_INTERFACE.
    """

    story: str
    process: str
    region: str
    at: datetime
    channel: str
    values: Mapping[str, Any]
    answers: Mapping[str, Sequence[Answer]]
    bank: Sequence[str] = field(default=())
    sources: Mapping[str, str] = field(default_factory=dict)


def in_days(days: int) -> str:
    """Return the mark for the day so many days after the value is typed in, before it where negative."""
    return f"{_IN_DAYS}{days}"


def operator(number: int) -> str:
    """Return the mark for the name of the township's n-th operator."""
    return f"{_OPERATOR}{number}"


def filled(values: Any, now: datetime, operators: Sequence[str]) -> Any:
    """Return the values with every mark replaced by what it stands for at this moment."""
    if isinstance(values, Mapping):
        return {name: filled(value, now, operators) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [filled(value, now, operators) for value in values]
    return _meant(values, now, operators) if isinstance(values, str) else values


def _meant(value: str, now: datetime, operators: Sequence[str]) -> str:
    if value == TODAY:
        return _iso(now.date())
    if value == NOW:
        return now.strftime("%Y-%m-%dT%H:%M")
    if value.startswith(_IN_DAYS):
        return _iso(now.date() + timedelta(days=int(value.removeprefix(_IN_DAYS))))
    if value.startswith(_OPERATOR):
        return operators[int(value.removeprefix(_OPERATOR)) - 1]
    return value


def _iso(day: date) -> str:
    return day.isoformat()

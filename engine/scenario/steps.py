"""What a scenario consists of, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Data = Mapping[str, object]
Unit = Literal["workdays", "days", "hours", "minutes"]
Trigger = Literal["message", "signal", "timer"]


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who holds a role: the first person of that region, or the n-th where the file says ``role/n``."""

    role: str
    person: int = 1


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody starts the case in a region."""

    line: int
    by: Who
    at: str
    data: Data
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class StartByEvent:
    """A message, a signal or time starts the case in a region; ``name`` is that of the message, signal or event."""

    line: int
    kind: Trigger
    name: str
    at: str
    data: Data
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """Somebody completes an open user task, named by its label or id; ``item`` chooses an iteration."""

    line: int
    task: str
    by: Who
    data: Data
    item: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerJob:
    """The outside world answers a remote service: with values, a business error, or not at all."""

    line: int
    type: str
    outcome: Literal["returns", "error", "times_out"]
    data: Data
    error: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class SendMessage:
    """A message arrives; without ``key`` it is the case's own."""

    line: int
    name: str
    data: Data
    key: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class PublishMessage:
    """A message arrives before anybody may wait for it: it is taken at once, or kept until a case waits."""

    line: int
    name: str
    data: Data
    key: str | None = None


@dataclass(frozen=True, slots=True)
class SendSignal:
    """A signal is sent to everybody who waits for it."""

    line: int
    name: str
    data: Data


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes: so many units, or until a moment."""

    line: int
    count: int = 0
    unit: Unit = "minutes"
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The action must be rejected; the sentence given to the person contains ``because``."""

    line: int
    action: Start | Complete | SendMessage
    because: str


Step = Start | StartByEvent | Complete | AnswerJob | SendMessage | PublishMessage | SendSignal | Wait | Refuse


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be true in the end; an expectation left out is not checked (None)."""

    line: int = 1
    end: str | None = None
    visited: tuple[str, ...] = ()
    not_visited: tuple[str, ...] = ()
    documents: tuple[str, ...] | None = None
    variables: Data = field(default_factory=dict)
    ledger: Mapping[str, Decimal] = field(default_factory=dict)
    register: Data = field(default_factory=dict)
    open: Mapping[str, str | None] | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One acceptance example of a process; ``defaults`` are the values of ``common.yaml`` by form id,
    ``given`` what the bureau's registers hold before it begins."""

    file: str
    name: str
    on: datetime
    start: Start | StartByEvent
    steps: tuple[Step, ...]
    expect: Expect
    defaults: Mapping[str, Data] = field(default_factory=dict)
    given: Data = field(default_factory=dict)

    def data_for(self, form: str | None, data: Data) -> dict[str, object]:
        """Return what is entered in the form: the common values, overridden by what the scenario says."""
        return {**self.defaults.get(form or "", {}), **data}

"""Plain frozen values that travel between rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from engine.errors import Text

Severity = Literal["error", "warning"]
WaitKind = Literal["user_task", "timer", "message", "signal", "conditional", "job"]
SubscriptionKind = Literal["message", "signal", "conditional"]
ObstacleReason = Literal[
    "element_gone", "kind_changed", "multi_instance_changed", "scope_changed", "called_process_changed",
    "join_changed", "join_starves", "undoing_changed",
]  # fmt: skip
PolicyScalar = Decimal | bool | str
# What cases are found by: kinds of the blind index.
SOUGHT_BY = ("name", "phone", "id_no")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found in a file."""

    file: str
    element: str | None
    position: Position | None
    rule: str
    severity: Severity
    message: Text


@dataclass(frozen=True, slots=True)
class Role:
    """A role of ``roles.yaml``; ``level`` decides which part of the case's region its tasks carry.

    ``serves`` are the service types whose jobs its outside workers are given, ``*`` for all.
    """

    id: str
    name: Text
    level: Literal["city", "county", "township", "village", "none"]
    may: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()
    serves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """One value of a number, in force from a day on, for a region prefix or everywhere (``""``)."""

    value: PolicyScalar
    start: date
    region: str = ""


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One named number of ``policy.yaml`` with its unit and legal source."""

    id: str
    name: str
    unit: str
    source: str
    values: tuple[PolicyValue, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role a person holds within a region prefix (``""`` is the whole city)."""

    role: str
    region: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person, a citizen without account, or the system itself.

    ``token`` is the one a program signed in with, None for people at their screens.
    """

    person: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    channel: str = "web"
    address: str = ""
    token: int | None = None

    def holds(self, role: str) -> tuple[str, ...]:
        """Return the region prefixes in which the actor holds the role."""
        return tuple(grant.region for grant in self.grants if grant.role == role)


SYSTEM = Actor(person=None, name="system", channel="system")


@dataclass(frozen=True, slots=True)
class LocalCall:
    """A local service task the engine stopped at: the command runs its handler in the step's transaction.

    ``case`` holds the facts of the case, the numbers in force as ``policy``, and who took the step as ``actor``.
    """

    token: int
    element: str
    process: str
    type: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    case: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A user task that a step opened."""

    token: int
    process: str
    element: str
    name: str
    form: str | None
    roles: tuple[str, ...]
    assignee: str | None
    people: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    provisional: bool
    priority: int
    item: str | None
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ArmedTimer:
    """A timer token that waits for its due time; ``provisional`` when a year not yet announced was counted."""

    token: int
    process: str
    element: str
    due: datetime
    anchor: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class RequestedJob:
    """A remote service task that waits for its answer."""

    token: int
    process: str
    element: str
    type: str
    retries: int | None
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A token that waits for a message with this name and key, for a signal of this name, or for a condition.

    ``message`` is the name of the message or signal, or the text of the condition.
    """

    token: int
    process: str
    element: str
    message: str
    key: str
    kind: SubscriptionKind = "message"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that a token threw, for whoever waits for this name and key."""

    token: int
    process: str
    element: str
    message: str
    key: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SentSignal:
    """A signal that a token threw; its own case has heard it, all others that wait for the name are still to hear."""

    token: int
    process: str
    element: str
    signal: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """An activity or event that a token entered; ``kind`` is the BPMN tag without namespace."""

    token: int
    process: str
    element: str
    name: str
    kind: str
    item: str | None
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Left:
    """An activity or event that a token left; ``waited`` is what the outside could have moved it by, if anything.

    ``hits`` are the rules that decided, if it asked a decision.
    """

    token: int
    process: str
    element: str
    outcome: Literal["completed", "cancelled", "error"]
    waited: WaitKind | None = None
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Iteration:
    """One unfinished iteration of a parallel multi-instance, kept apart from the state of its case.

    ``around`` is the iteration kept apart that holds its ``body`` (0: the case itself), ``position`` counts from 0,
    ``state`` holds its tokens, ``values`` the variables of its own scope.
    """

    token: int
    body: int
    around: int
    position: int
    state: bytes
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IterationResult:
    """What a finished iteration gives to the output collection of its body."""

    token: int
    body: int
    around: int
    position: int
    value: Any


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a case cannot be moved to another version of its process: the reason and the element it is about."""

    reason: ObstacleReason
    process: str
    element: str


@dataclass(frozen=True, slots=True)
class TokenStart:
    """Where a new token is to start; ``within`` is the token of one of several sub-processes that run there."""

    process: str
    element: str
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Modification:
    """What is changed in a case by hand: the tokens that end, where others start, and variables of the case."""

    ends: tuple[int, ...] = ()
    starts: tuple[TokenStart, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MovableToken:
    """A token that may be ended by hand; ``item`` counts the iteration it is inside, from 1."""

    token: int
    process: str
    element: str
    name: str
    kind: str
    item: int | None


@dataclass(frozen=True, slots=True)
class PossibleStart:
    """An element at which a token may be started by hand; ``item`` counts the iteration where several run."""

    process: str
    element: str
    name: str
    kind: str
    within: int | None
    item: int | None


@dataclass(slots=True)
class IterationChanges:
    """What one step changed in the iterations kept apart.

    ``entered`` are tokens inside iterations, each with its iteration, ``left`` those that are gone; ``ended`` are bodies
    that are gone with all their iterations.
    """

    begun: list[Iteration] = field(default_factory=list)
    moved: list[Iteration] = field(default_factory=list)
    results: list[IterationResult] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    entered: list[tuple[int, int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Step:
    """Everything one step changed, in the order it happened; what the store turns into rows."""

    opened: list[OpenedTask] = field(default_factory=list)
    timers: list[ArmedTimer] = field(default_factory=list)
    jobs: list[RequestedJob] = field(default_factory=list)
    subscriptions: list[Subscribed] = field(default_factory=list)
    messages: list[SentMessage] = field(default_factory=list)
    signals: list[SentSignal] = field(default_factory=list)
    entered: list[Entered] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    flows: list[tuple[str, str]] = field(default_factory=list)
    variables: dict[tuple[int, str], Any] = field(default_factory=dict)
    closed_scopes: list[int] = field(default_factory=list)
    escalations: list[tuple[str, str]] = field(default_factory=list)
    ended: bool = False
    end_event: str | None = None
    end_name: str | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """One process folder with everything its names resolve to."""

    process: str
    files: Mapping[str, bytes]
    shared: Mapping[str, bytes]
    roles: Mapping[str, Role]
    services: frozenset[str]
    policy: Mapping[str, PolicyEntry]
    called: Mapping[str, Bundle]
    checksum: str

    def all_files(self) -> Mapping[str, bytes]:
        """Return own and shared files; shared ones under ``shared/``."""
        return {**{f"shared/{name}": data for name, data in self.shared.items()}, **self.files}


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule of a table that matched: which table, which rule (from 1), and its annotations."""

    table: str
    rule: int
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an expression could not do; its value is null."""

    position: int
    text: str
    message: Text


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value, what went wrong on the way, and which table rules matched."""

    value: Any
    problems: Sequence[Problem] = ()
    hits: Sequence[Hit] = ()

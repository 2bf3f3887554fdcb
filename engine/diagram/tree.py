"""The canonical tree of a diagram: what was read, checked and runs. Frozen; kinds are BPMN tags without namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from engine.diagram.places import Places
from engine.model import Finding, Position

EventKind = Literal[
    "none",
    "message",
    "timer",
    "signal",
    "error",
    "escalation",
    "conditional",
    "compensation",
    "link",
    "terminate",
    "cancel",
]
TimerKind = Literal["date", "duration", "cycle"]


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """An input or output mapping: the expression or literal and the name it is written to."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws; ``name`` is the message or signal name, code, link name or activity."""

    kind: EventKind
    name: str | None = None
    timer_kind: TimerKind | None = None
    expression: str | None = None
    correlation: str | None = None
    definitions: int = 1


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity is repeated.

    A standard loop goes on while ``condition`` holds, at most ``maximum`` times; ``test_before`` asks before each round.
    """

    kind: Literal["sequential", "parallel", "standard"]
    collection: str | None = None
    element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion: str | None = None
    cardinality: str | None = None
    condition: str | None = None
    maximum: str | None = None
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How the activities of an ad-hoc sub-process are begun and when it ends.

    Without ``active`` (a FEEL list of element ids) people choose what is done next.
    """

    ordering: Literal["parallel", "sequential"] = "parallel"
    active: str | None = None
    completion: str | None = None
    cancel_remaining: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` is the text as drawn, with its leading ``=``."""

    id: str
    source: str
    target: str
    condition: str | None
    name: str
    default: bool
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """An activity, event or gateway; ``foreign`` names what it carries that this product does not know.

    ``compensated_by`` is the activity that undoes this one; ``instantiates`` says that it would start a case.
    """

    id: str
    kind: str
    name: str
    line: int
    event: Event | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False
    scope: Scope | None = None
    loop: Loop | None = None
    form: str | None = None
    assignee: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    native_user_task: bool = False
    job_type: str | None = None
    retries: str | None = None
    headers: Mapping[str, str] = field(default_factory=_nothing)
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    decision: str | None = None
    script: str | None = None
    result: str | None = None
    called_process: str | None = None
    propagate_all: bool = True
    properties: Mapping[str, str] = field(default_factory=_nothing)
    role: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    for_compensation: bool = False
    compensated_by: str | None = None
    ad_hoc: AdHoc | None = None
    instantiates: bool = False
    foreign: tuple[str, ...] = ()

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the comma separated entries of a property."""
        return tuple(part.strip() for part in self.properties.get(name, "").split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Scope:
    """The nodes and flows of a process or sub-process, in document order."""

    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane, the role it stands for, and the ids drawn in it."""

    id: str
    name: str
    role: str | None
    elements: frozenset[str]


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a file."""

    id: str
    name: str
    executable: bool
    scope: Scope
    lanes: tuple[Lane, ...]
    properties: Mapping[str, str] = field(default_factory=_nothing)
    foreign: tuple[str, ...] = ()
    line: int = 1

    def scopes(self) -> Iterator[tuple[Node | None, Scope]]:
        """Return every scope with the sub-process that owns it (None: the process itself), outer ones first."""
        todo: list[tuple[Node | None, Scope]] = [(None, self.scope)]
        while todo:
            owner, scope = todo.pop(0)
            yield owner, scope
            todo.extend((node, node.scope) for node in scope.nodes.values() if node.scope is not None)

    def nodes(self) -> Iterator[Node]:
        """Return every node at every depth."""
        for _, scope in self.scopes():
            yield from scope.nodes.values()

    def flows(self) -> Iterator[Flow]:
        """Return every sequence flow at every depth."""
        for _, scope in self.scopes():
            yield from scope.flows


@dataclass(frozen=True, slots=True)
class Diagram:
    """A file as read: its processes, the one that runs, and where each id stands in the text."""

    file: str
    xml: bytes
    processes: tuple[Process, ...]
    executable: Process
    findings: tuple[Finding, ...]
    positions: Mapping[str, Position] = field(default_factory=dict)
    drawn: frozenset[str] = frozenset()
    places: Places = field(default_factory=Places)
    messages: frozenset[str] = frozenset()

    def nodes(self) -> Iterator[Node]:
        """Return every node of every process at every depth."""
        for process in self.processes:
            yield from process.nodes()

    def called(self) -> tuple[str, ...]:
        """Return the ids of the processes that call activities name, each once, in document order."""
        return tuple(dict.fromkeys(node.called_process for node in self.nodes() if node.called_process))

"""What the rules look at: a diagram together with everything its names resolve to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.diagram.expressions import Checked, checked_expressions
from engine.diagram.graph import Graph
from engine.diagram.tree import Diagram, Flow, Node, Process, Scope
from engine.diagram.variables import Variables, variables_of
from engine.errors import Text
from engine.model import Bundle, Finding, Severity

Paths = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ServiceNames:
    """Service types that have a handler: local ones, remote ones, and the variables some of them return."""

    local: frozenset[str] = frozenset()
    remote: frozenset[str] = frozenset()
    results: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule needs to know of a form, decision or notice: names it writes, names and paths it reads."""

    writes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    paths: Paths = frozenset()


@dataclass(frozen=True)
class Subject:
    """A diagram and its surroundings; ``called`` holds the diagrams of called processes by process id."""

    diagram: Diagram
    bundle: Bundle
    services: ServiceNames = field(default_factory=ServiceNames)
    forms: Mapping[str, Facts] = field(default_factory=dict)
    decisions: Mapping[str, Facts] = field(default_factory=dict)
    documents: Mapping[str, Facts] = field(default_factory=dict)
    called: Mapping[str, Diagram] = field(default_factory=dict)
    unknown_service: Severity = "error"

    @property
    def process(self) -> Process:
        """Return the process that runs."""
        return self.diagram.executable

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Return the nodes of the running process at every depth, by id."""
        return {node.id: node for node in self.process.nodes()}

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """Return the sequence flows of the running process at every depth, by id."""
        return {flow.id: flow for flow in self.process.flows()}

    @cached_property
    def elements(self) -> tuple[Process | Node | Flow, ...]:
        """Return the process, then its nodes, then its flows."""
        return (self.process, *self.nodes.values(), *self.flows.values())

    @cached_property
    def graphs(self) -> tuple[tuple[Node | None, Scope, Graph], ...]:
        """Return the graph of every scope, with the sub-process that owns it."""
        return tuple((owner, scope, Graph(scope)) for owner, scope in self.process.scopes())

    @cached_property
    def variables(self) -> Variables:
        """Return the variables of the process and who writes them."""
        return variables_of(self)

    @cached_property
    def expressions(self) -> tuple[Checked, ...]:
        """Return every expression of the process, compiled."""
        return checked_expressions(self.process, self.variables.names)

    def finding(
        self, rule: str, element: Node | Flow | Process | str, message: Text, severity: Severity = "error"
    ) -> Finding:
        """Return a finding at the element's place in the file."""
        name = element if isinstance(element, str) else element.id
        return Finding(self.diagram.file, name, self.diagram.positions.get(name), rule, severity, message)


def shown(element: Node | Flow | Process) -> str:
    """Return the element as people find it in the drawing: its name and id."""
    return f"“{element.name}”({element.id})" if element.name else f"“{element.id}”"

"""What a step may need, known from the diagram alone: everything between a wait point and the next ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.spiff.definition import ScopeSpec
from engine.spiff.specs.activity import Activity
from engine.spiff.specs.boundary import BoundaryEvent, EventSubProcessStart
from engine.spiff.specs.call_activity import CallActivity
from engine.spiff.specs.catch import CatchEvent
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.node import Node
from engine.spiff.specs.rule_task import RuleTask
from engine.spiff.specs.service_task import ServiceTask
from engine.spiff.specs.sub_process import SubProcess
from engine.spiff.specs.throw import ErrorEnd, EscalationThrow
from engine.spiff.specs.user_task import UserTask

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Ahead:
    """Variable names, ids of decisions and types of services, as far as they are drawn literally."""

    names: frozenset[str]
    decisions: frozenset[str]
    services: frozenset[str]


class Spot(NamedTuple):
    """A node of a definition."""

    definition: str
    node: str


class Paths:
    """Follows the flows of all definitions; remembers nothing but the definitions and answers given."""

    def __init__(self, definitions: Mapping[str, ScopeSpec]) -> None:
        self._definitions = definitions
        self._owners = _owners(definitions)
        self._elements = _elements(definitions)
        self._answers: dict[tuple[str, str], Ahead] = {}

    def ahead(self, process: str, element: str) -> Ahead:
        """Return what may be needed once a token leaves the element; raises KeyError for an unknown one."""
        key = (process, element)
        if key not in self._answers:
            self._answers[key] = self._collect(self._elements[key])
        return self._answers[key]

    def _collect(self, starts: list[Spot]) -> Ahead:
        seen: set[Spot] = set(starts)
        passed: list[Node] = [self._node(spot) for spot in starts]
        todo = list(starts)
        while todo:
            for spot in self._next(todo.pop()):
                if spot in seen:
                    continue
                seen.add(spot)
                node = self._node(spot)
                passed.append(node)
                if not _waits(node):
                    todo.append(spot)
                else:
                    passed.extend(self._node(Spot(spot.definition, name)) for name in node.boundary)
        return _needs(passed)

    def _node(self, spot: Spot) -> Node:
        return self._definitions[spot.definition].nodes[spot.node]

    def _next(self, spot: Spot) -> Iterator[Spot]:
        """Return where a token may go, be created, or climb to from here."""
        node = self._node(spot)
        yield from (Spot(spot.definition, branch.target) for branch in node.flows)
        yield from (Spot(spot.definition, name) for name in node.boundary)
        if node.multi is not None:
            yield Spot(spot.definition, node.multi)
        if isinstance(node, MultiInstance):
            yield Spot(spot.definition, node.item_node)
        if isinstance(node, EventSubProcessStart):
            yield Spot(spot.definition, node.handler)
        if isinstance(node, SubProcess):
            inner = self._definitions[node.spec]
            yield from (Spot(inner.key, name) for name in (*inner.entries, *inner.listeners))
        if not node.flows and node.multi is None:
            yield from self._owners.get(spot.definition, ())
        if isinstance(node, ErrorEnd | EscalationThrow | ServiceTask):
            yield from self._catchers(spot.definition)

    def _catchers(self, definition: str) -> Iterator[Spot]:
        """Return every event that might catch what is thrown in a scope."""
        seen = {definition}
        todo = [definition]
        while todo:
            scope = self._definitions[todo.pop()]
            yield from (Spot(scope.key, name) for name in scope.listeners)
            for owner in self._owners.get(scope.key, ()):
                yield from (Spot(owner.definition, name) for name in self._boundary_of(owner))
                if owner.definition not in seen:
                    seen.add(owner.definition)
                    todo.append(owner.definition)

    def _boundary_of(self, owner: Spot) -> tuple[str, ...]:
        node = self._node(owner)
        return self._definitions[owner.definition].nodes[node.multi].boundary if node.multi else node.boundary


def _waits(node: Node) -> bool:
    """Return whether a token that arrives here stops; a service may be local, so it does not count."""
    if isinstance(node, BoundaryEvent):
        return node.trigger is not None and node.trigger.kind not in ("error", "escalation")
    return isinstance(node, UserTask) or (isinstance(node, CatchEvent) and node.trigger is not None)


def _owners(definitions: Mapping[str, ScopeSpec]) -> dict[str, list[Spot]]:
    owners: dict[str, list[Spot]] = {}
    for key, definition in definitions.items():
        for node in definition.nodes.values():
            if isinstance(node, SubProcess):
                owners.setdefault(node.spec, []).append(Spot(key, node.name))
    return owners


def _elements(definitions: Mapping[str, ScopeSpec]) -> dict[tuple[str, str], list[Spot]]:
    elements: dict[tuple[str, str], list[Spot]] = {}
    for key, definition in definitions.items():
        for node in definition.nodes.values():
            elements.setdefault((definition.process, node.bpmn_id), []).append(Spot(key, node.name))
    return elements


def _needs(nodes: list[Node]) -> Ahead:
    names = {name for node in nodes for expression in node.expressions() for name in expression.reads}
    if any(isinstance(node, CallActivity) and node.copies_all for node in nodes):
        names.add(EVERYTHING)
    for node in nodes:
        if isinstance(node, Activity):
            names.update(m.target.split(".")[0] for m in node.output_mappings if "." in m.target)
    decisions = {_literal(node.decision) for node in nodes if isinstance(node, RuleTask)}
    services = {_literal(node.type) for node in nodes if isinstance(node, ServiceTask)}
    return Ahead(frozenset(names - {"case", "policy"}), frozenset(decisions - {""}), frozenset(services - {""}))


def _literal(expression: object) -> str:
    compiled = getattr(expression, "compiled", None)
    return "" if expression is None or compiled is not None else str(getattr(expression, "text", ""))

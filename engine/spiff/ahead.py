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
    """A node of a definition, where a token arrives or (``leaving``) has only to go on."""

    definition: str
    node: str
    leaving: bool = False


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
        todo = list(starts)
        while todo:
            spot = todo.pop()
            for found in self._next(spot) if spot.leaving or not _waits(self._node(spot)) else self._armed(spot):
                if found not in seen:
                    seen.add(found)
                    todo.append(found)
        return _needs([(self._node(spot), spot.leaving) for spot in seen])

    def _armed(self, spot: Spot) -> Iterator[Spot]:
        """Return the boundary events that start to wait together with an activity."""
        yield from (Spot(spot.definition, name) for name in self._node(spot).boundary)

    def _node(self, spot: Spot) -> Node:
        return self._definitions[spot.definition].nodes[spot.node]

    def _next(self, spot: Spot) -> Iterator[Spot]:
        """Return where a token may go, be created, or climb to from here."""
        node = self._node(spot)
        yield from (Spot(spot.definition, branch.target) for branch in node.flows)
        if node.multi is not None:
            yield Spot(spot.definition, node.multi, leaving=True)
        if isinstance(node, MultiInstance):
            yield Spot(spot.definition, node.item_node)
        if isinstance(node, EventSubProcessStart):
            yield Spot(spot.definition, node.handler)
        if not node.flows and node.multi is None:
            yield from (owner._replace(leaving=True) for owner in self._owners.get(spot.definition, ()))
        if isinstance(node, ErrorEnd | EscalationThrow | ServiceTask):
            yield from (Spot(spot.definition, name) for name in self._boundary_of(spot))
            yield from self._catchers(spot.definition)
        if not spot.leaving:
            yield from self._begun(spot)

    def _begun(self, spot: Spot) -> Iterator[Spot]:
        """Return what begins with an activity: its boundary events and what is inside it."""
        node = self._node(spot)
        yield from (Spot(spot.definition, name) for name in node.boundary)
        if isinstance(node, SubProcess):
            inner = self._definitions[node.spec]
            yield from (Spot(inner.key, name) for name in (*inner.entries, *inner.listeners))

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


def _stops(node: Node) -> bool:
    """Return whether arriving here says nothing about leaving: it waits, or what is inside decides."""
    return _waits(node) or isinstance(node, SubProcess)


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
            if not isinstance(node, MultiInstance):
                spot = Spot(key, node.name, leaving=True)
                elements.setdefault((definition.process, node.bpmn_id), []).append(spot)
    return elements


def _needs(spots: list[tuple[Node, bool]]) -> Ahead:
    used = [one for node, leaving in spots if leaving or not _stops(node) for one in node.leaving()]
    used += [one for node, leaving in spots if not leaving for one in node.arriving()]
    names = {name for expression in used for name in expression.reads}
    begun = [node for node, leaving in spots if not leaving]
    if any(isinstance(node, CallActivity) and node.copies_all for node in begun):
        names.add(EVERYTHING)
    for node, _ in spots:
        if isinstance(node, Activity):
            names.update(m.target.split(".")[0] for m in node.output_mappings if "." in m.target)
    decisions = {_literal(node.decision) for node in begun if isinstance(node, RuleTask)}
    services = {_literal(node.type) for node in begun if isinstance(node, ServiceTask)}
    return Ahead(frozenset(names - {"case", "policy"}), frozenset(decisions - {""}), frozenset(services - {""}))


def _literal(expression: object) -> str:
    compiled = getattr(expression, "compiled", None)
    return "" if expression is None or compiled is not None else str(getattr(expression, "text", ""))

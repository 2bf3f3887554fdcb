"""A scope as a directed graph whose vertices are nodes and sequence flows; a boundary event follows its activity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from engine.diagram.tree import Node, Scope

ROOT = ""


class Graph:
    """Who follows whom, what is reachable, and what every way to an element passes (dominators)."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.successors: dict[str, list[str]] = {ROOT: list(_entries(scope))}
        self.predecessors: dict[str, list[str]] = {}
        for flow in scope.flows:
            if flow.source in scope.nodes and flow.target in scope.nodes:
                self.successors.setdefault(flow.source, []).append(flow.id)
                self.successors[flow.id] = [flow.target]
        for node in scope.nodes.values():
            if node.attached_to in scope.nodes:
                self.successors.setdefault(node.attached_to or "", []).append(node.id)
        for throw, catch in links(scope):
            self.successors.setdefault(throw.id, []).append(catch.id)
        for vertex, followers in self.successors.items():
            for follower in followers:
                self.predecessors.setdefault(follower, []).append(vertex)

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Return the vertices a token can come to from where the scope is entered."""
        return walk([ROOT], self.successors)

    @cached_property
    def ending(self) -> frozenset[str]:
        """Return the vertices from which a token can come to an end of the scope."""
        ends = (node.id for node in self.scope.nodes.values() if not self.successors.get(node.id))
        return walk(ends, self.predecessors)

    def to(self, vertex: str) -> frozenset[str]:
        """Return the vertices from which a token can come here, the vertex itself included."""
        return walk([vertex], self.predecessors)

    def below(self, vertex: str) -> frozenset[str]:
        """Return the vertices that are come to through this one alone, the vertex itself included."""
        return walk([vertex], self._dominated)

    @cached_property
    def _dominated(self) -> Mapping[str, list[str]]:
        below: dict[str, list[str]] = {}
        for vertex, above in self.dominators.items():
            if vertex != ROOT:
                below.setdefault(above, []).append(vertex)
        return below

    @cached_property
    def _depths(self) -> Mapping[str, int]:
        depths = {ROOT: 0}
        todo = [ROOT]
        while todo:
            above = todo.pop()
            for vertex in self._dominated.get(above, ()):
                depths[vertex] = depths[above] + 1
                todo.append(vertex)
        return depths

    @cached_property
    def dominators(self) -> Mapping[str, str]:
        """Return for each reachable vertex its nearest dominator: the last vertex every way to it passes."""
        order = self._postorder()
        number = {vertex: index for index, vertex in enumerate(order)}
        nearest = {ROOT: ROOT}
        changed = True
        while changed:
            changed = False
            for vertex in reversed(order[:-1]):
                known = [before for before in self.predecessors[vertex] if before in nearest]
                found = known[0]
                for other in known[1:]:
                    found = _common(found, other, nearest, number)
                changed = changed or nearest.get(vertex) != found
                nearest[vertex] = found
        return nearest

    def branches(self, first: str, second: str) -> tuple[str, str, str]:
        """Return the nearest common dominator of two vertices and the vertices below it that lead to each."""
        nearest, depths = self.dominators, self._depths
        one, other = first, second
        while first != second:
            if depths[first] >= depths[second]:
                one, first = first, nearest[first]
            else:
                other, second = second, nearest[second]
        return first, one, other

    def _postorder(self) -> list[str]:
        order: list[str] = []
        seen = {ROOT}
        stack = [(ROOT, iter(self.successors[ROOT]))]
        while stack:
            vertex, followers = stack[-1]
            follower = next((name for name in followers if name not in seen), None)
            if follower is None:
                order.append(vertex)
                stack.pop()
            else:
                seen.add(follower)
                stack.append((follower, iter(self.successors.get(follower, ()))))
        return order


def walk(starts: Iterable[str], edges: Mapping[str, list[str]]) -> frozenset[str]:
    """Return everything that can be come to along the edges, the starts included."""
    seen = set(starts)
    todo = list(seen)
    while todo:
        for vertex in edges.get(todo.pop(), ()):
            if vertex not in seen:
                seen.add(vertex)
                todo.append(vertex)
    return frozenset(seen)


def links(scope: Scope) -> Iterator[tuple[Node, Node]]:
    """Return each link throw event with the catch event of its name, which it leads to without a drawn flow."""
    drawn = [node for node in scope.nodes.values() if node.event is not None and node.event.kind == "link"]
    catching = {node.event.name: node for node in drawn if node.event and node.kind == "intermediateCatchEvent"}
    for node in drawn:
        if node.event and node.kind != "intermediateCatchEvent" and node.event.name in catching:
            yield node, catching[node.event.name]


def _entries(scope: Scope) -> Iterable[str]:
    starts = [node.id for node in scope.nodes.values() if node.kind == "startEvent"]
    apart = [node.id for node in scope.nodes.values() if node.triggered_by_event or node.for_compensation]
    return [*(starts or _implicit(scope.nodes.values())), *apart]


def _implicit(nodes: Iterable[Node]) -> list[str]:
    return [node.id for node in nodes if not (node.incoming or node.attached_to or is_begun_otherwise(node))]


def is_begun_otherwise(node: Node) -> bool:
    """Return whether no sequence flow leads to such a node: an event, a compensation or a link begins it."""
    linked = node.kind == "intermediateCatchEvent" and node.event is not None and node.event.kind == "link"
    return linked or node.triggered_by_event or node.for_compensation


def _common(first: str, second: str, nearest: Mapping[str, str], number: Mapping[str, int]) -> str:
    while first != second:
        while number[first] < number[second]:
            first = nearest[first]
        while number[second] < number[first]:
            second = nearest[second]
    return first

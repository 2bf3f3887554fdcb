"""Which ways out of an element are alternatives, and which are taken together."""

from __future__ import annotations

from engine.diagram.graph import ROOT, Graph
from engine.diagram.names import ACTIVITIES
from engine.diagram.tree import Node

_CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway"})


def exclusive(node: Node, one: str, other: str, graph: Graph) -> bool:
    """Return whether at most one of the two ways out of the node is ever taken."""
    ways = {one, other} <= set(graph.successors.get(node.id, ()))
    if node.kind in _CHOOSING:
        return ways
    return ways and any(_interrupts(graph.scope.nodes.get(way)) for way in (one, other))


def optional(node: Node, one: str, other: str, graph: Graph) -> bool:
    """Return whether one of the two ways out of the node may be taken without the other, as its conditions say."""
    if node.kind not in ACTIVITIES | {"inclusiveGateway"} or not {one, other} <= set(node.outgoing):
        return False
    return any(flow.id in (one, other) and (flow.condition or flow.default) for flow in graph.scope.flows)


def parallel(node: Node, one: str, other: str, graph: Graph) -> bool:
    """Return whether both ways out of the node are always taken."""
    if node.kind in _CHOOSING or not {one, other} <= set(node.outgoing):
        return False
    if node.kind == "parallelGateway":
        return True
    unconditional = {flow.id for flow in graph.scope.flows if flow.source == node.id and not flow.condition}
    return node.kind != "inclusiveGateway" and {one, other} <= unconditional


def forked(target: str, graph: Graph) -> bool:
    """Return whether two tokens that leave some element together may both come to the target, unjoined."""
    before = graph.to(target)
    join = _parallel_join_before(target, graph)
    joined = graph.to(join) if join else frozenset()
    for node in graph.scope.nodes.values():
        ways = before.intersection(node.outgoing) if _splits(node) else ()
        if len(ways) > 1 and not joined.issuperset(ways):
            return True
    return False


def _splits(node: Node) -> bool:
    return len(node.outgoing) > 1 and (node.kind == "parallelGateway" or node.kind in ACTIVITIES | {"startEvent"})


def _parallel_join_before(target: str, graph: Graph) -> str | None:
    """Return the last parallel join that every way to the target passes: it makes one token of many."""
    above = target
    while above in graph.dominators and above != ROOT:
        node = graph.scope.nodes.get(above)
        if node and node.kind == "parallelGateway" and len(node.incoming) > 1:
            return above
        above = graph.dominators[above]
    return None


def _interrupts(node: Node | None) -> bool:
    return node is not None and node.kind == "boundaryEvent" and node.interrupting

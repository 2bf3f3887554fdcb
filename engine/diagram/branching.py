"""Which ways out of an element are alternatives, and which are taken together."""

from __future__ import annotations

from engine.diagram.graph import Graph
from engine.diagram.names import ACTIVITIES
from engine.diagram.tree import Node

_CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway"})


def exclusive(node: Node, one: str, other: str, graph: Graph) -> bool:
    """Return whether at most one of the two ways out of the node is ever taken."""
    ways = {one, other} <= set(graph.successors.get(node.id, ()))
    if node.kind in _CHOOSING:
        return ways
    return ways and any(_interrupts(graph.scope.nodes.get(way)) for way in (one, other))


def parallel(node: Node, one: str, other: str, graph: Graph) -> bool:
    """Return whether both ways out of the node are always taken."""
    if node.kind in _CHOOSING or not {one, other} <= set(node.outgoing):
        return False
    if node.kind == "parallelGateway":
        return True
    unconditional = {flow.id for flow in graph.scope.flows if flow.source == node.id and not flow.condition}
    return node.kind != "inclusiveGateway" and {one, other} <= unconditional


def forks(node: Node, target: str, graph: Graph) -> bool:
    """Return whether two tokens that leave the node together may both come to the target, unjoined."""
    out = list(node.outgoing)
    split = node.kind == "parallelGateway" or (node.kind in ACTIVITIES | {"startEvent"} and len(out) > 1)
    if not split or len(out) < 2:
        return False
    return sum(target in graph.from_(flow) for flow in out[:20]) > 1 and not _joined_before(target, out, graph)


def _joined_before(target: str, ways: list[str], graph: Graph) -> bool:
    """A parallel join that every way to the target passes makes one token of many."""
    above = target
    while above and above in graph.dominators:
        node = graph.scope.nodes.get(above)
        if node and node.kind == "parallelGateway" and len(node.incoming) > 1:
            return all(above in graph.from_(way) for way in ways)
        above = graph.dominators[above]
    return False


def _interrupts(node: Node | None) -> bool:
    return node is not None and node.kind == "boundaryEvent" and node.interrupting

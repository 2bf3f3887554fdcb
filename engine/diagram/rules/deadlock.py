"""A parallel gateway does not wait for branches of which only one is ever taken.

Branches of an exclusive or event-based gateway, or an activity's normal way and its interrupting boundary event, are
joined by an exclusive gateway. At most twenty are named at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from engine.diagram.branching import exclusive, forked
from engine.diagram.graph import Graph
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "deadlock"
MOST = 20


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every parallel join that would wait for ever."""
    for join, split in islice(_waiting_for_ever(subject), MOST):
        yield subject.finding(
            NAME,
            join,
            Text(
                f"并行网关{shown(join)}等待的分支来自{shown(split)},其中只会走一条,案件会一直停住,请改画排他网关。",
                f"Expected every branch into {shown(join)} to be taken, but {shown(split)} takes only one, "
                "so join with an exclusive gateway.",
            ),
        )


def _waiting_for_ever(subject: Subject) -> Iterator[tuple[Node, Node]]:
    for _, scope, graph in subject.graphs:
        for join in scope.nodes.values():
            if join.kind == "parallelGateway" and len(join.incoming) > 1 and join.id in graph.reachable:
                split = _split_of(join, graph)
                if split:
                    yield join, split


def _split_of(join: Node, graph: Graph) -> Node | None:
    incoming = [flow for flow in join.incoming if flow in graph.reachable][:20]
    for first, second in combinations(incoming, 2):
        common, one, other = graph.branches(first, second)
        node = graph.scope.nodes.get(common)
        if node and one != other and exclusive(node, one, other, graph) and not _again(node, graph):
            return node
    return None


def _again(node: Node, graph: Graph) -> bool:
    """A split that is come to again, or by two tokens at once, may still feed both branches."""
    again = graph.to(node.id).intersection(graph.successors.get(node.id, ()))
    return bool(again) or forked(node.id, graph)

"""A parallel gateway does not wait for branches of which only some are taken.

Branches of an exclusive or event-based gateway, an activity's normal way and its interrupting boundary event, or the
ways from several start events of a process are joined by an exclusive gateway, those of an inclusive gateway or of
conditional flows by an inclusive one. At most twenty are named at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from engine.diagram.branching import exclusive, forked, optional
from engine.diagram.graph import ROOT, Graph
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "deadlock"
MOST = 20
_OPTIONAL = frozenset({"inclusiveGateway"})
_EXCLUSIVE = Text("排他网关", "an exclusive gateway")
_INCLUSIVE = Text("包容网关", "an inclusive gateway")


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every parallel join that would wait for ever."""
    for join, split in islice(_waiting_for_ever(subject), MOST):
        instead = _INCLUSIVE if split.kind in _OPTIONAL else _EXCLUSIVE
        yield subject.finding(
            NAME,
            join,
            Text(
                f"并行网关{shown(join)}等待的分支来自{shown(split)},其中可能只走一部分,案件会一直停住,请改画{instead.zh}。",
                f"Expected every branch into {shown(join)} to be taken, but {shown(split)} may take only some, "
                f"so join with {instead.en}.",
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
        if node and one != other and _chooses(node, one, other, graph) and not _again(node, graph):
            return node
        if common == ROOT and one != other and _is_start(one, graph) and _is_start(other, graph):
            return graph.scope.nodes[one]
    return None


def _is_start(vertex: str, graph: Graph) -> bool:
    node = graph.scope.nodes.get(vertex)
    return node is not None and node.kind == "startEvent"


def _chooses(node: Node, one: str, other: str, graph: Graph) -> bool:
    return exclusive(node, one, other, graph) or optional(node, one, other, graph)


def _again(node: Node, graph: Graph) -> bool:
    """A split that is come to again, or by two tokens at once, may still feed both branches."""
    again = graph.to(node.id).intersection(graph.successors.get(node.id, ()))
    return bool(again) or forked(node.id, graph)

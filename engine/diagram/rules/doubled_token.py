"""Branches that run in parallel are joined by a parallel gateway before they go on together.

An exclusive gateway or an activity with two incoming flows lets each token pass: what follows happens twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.diagram.branching import parallel
from engine.diagram.graph import Graph
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "doubled-token"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every element that parallel branches run into one after the other."""
    for _, scope, graph in subject.graphs:
        for node in scope.nodes.values():
            if node.kind in ("parallelGateway", "inclusiveGateway", "endEvent") or len(node.incoming) < 2:
                continue
            split = _split_of(node, graph)
            if split:
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(split)}的并行分支在{shown(node)}会合,之后的步骤会执行两次,请先用并行网关汇合。",
                        f"Expected the parallel branches of {shown(split)} to be joined before {shown(node)}, "
                        "but what follows happens twice, so join them with a parallel gateway.",
                    ),
                    "warning",
                )


def _split_of(node: Node, graph: Graph) -> Node | None:
    incoming = [flow for flow in node.incoming if flow in graph.reachable][:20]
    for first, second in combinations(incoming, 2):
        common, one, other = graph.branches(first, second)
        found = graph.scope.nodes.get(common)
        if found and one != other and parallel(found, one, other, graph):
            return found
    return None

"""Parallel branches do not write the same name: which value stays would depend on who is last."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.graph import Graph
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "parallel-write"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every name that two branches of a parallel split write."""
    for _, scope, graph in subject.graphs:
        for split in scope.nodes.values():
            if split.kind == "parallelGateway" and len(split.outgoing) > 1:
                yield from _shared_names(split, graph, subject)


def _shared_names(split: Node, graph: Graph, subject: Subject) -> Iterator[Finding]:
    first: dict[str, Node] = {}
    named: set[str] = set()
    for way in split.outgoing:
        written = _written(graph.below(way), subject)
        for name in sorted(first.keys() & written.keys() - named):
            named.add(name)
            one, other = first[name], written[name]
            yield subject.finding(
                NAME,
                split,
                Text(
                    f"{shown(split)}的两个分支都写“{name}”({shown(one)}、{shown(other)}),后写的会覆盖,请改用不同的名称。",
                    f"Expected different names in the branches of {shown(split)}, but {shown(one)} and "
                    f"{shown(other)} both write “{name}”, so rename one.",
                ),
                "warning",
            )
        first = written | first


def _written(vertices: frozenset[str], subject: Subject) -> dict[str, Node]:
    """Return the names written on the way, those inside sub-processes included, with one element that writes each."""
    todo = [subject.nodes[vertex] for vertex in sorted(vertices) if vertex in subject.nodes]
    found: dict[str, Node] = {}
    while todo:
        node = todo.pop()
        for name in subject.variables.written.get(node.id, ()):
            found.setdefault(name, node)
        todo.extend(node.scope.nodes.values() if node.scope and not node.outputs else ())
    return found

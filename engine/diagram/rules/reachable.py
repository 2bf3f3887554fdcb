"""Every element can be come to from the start event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "reachable"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element no token can come to."""
    for _, scope, graph in subject.graphs:
        for node in scope.nodes.values():
            if node.id not in graph.reachable and (node.incoming or node.attached_to):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}应能从开始事件走到,请连接或删去它。",
                        f"Expected {shown(node)} to be reachable from the start event, but it is not, "
                        "so connect or remove it.",
                    ),
                )

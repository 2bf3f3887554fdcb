"""From every element an end can be come to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "reaches-end"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element from which the case could never end."""
    for _, scope, graph in subject.graphs:
        for node in scope.nodes.values():
            if node.id not in graph.ending:
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"从{shown(node)}应能走到结束事件,但只会循环,请画出离开循环的路。",
                        f"Expected a way from {shown(node)} to an end, but it only goes round in circles, "
                        "so draw a way out.",
                    ),
                )

"""A call activity gives the called process the names it reads: by input mappings, or all where none is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.diagram.reads import parameters
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "call-input"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every name that a called process reads and the call does not give."""
    for node in subject.nodes.values():
        called = subject.called.get(node.called_process or "")
        if called is None:
            continue
        missing = parameters(replace(subject, diagram=called)) - _given(node, subject)
        for name in sorted(missing):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}应把“{name}”交给流程“{node.called_process}”,但没有,请画输入映射。",
                    f"Expected {shown(node)} to give “{name}” to process “{node.called_process}”, but it does not, "
                    "so draw an input mapping.",
                ),
                "warning",
            )


def _given(node: Node, subject: Subject) -> frozenset[str]:
    if node.inputs:
        return frozenset(mapping.target.split(".")[0] for mapping in node.inputs)
    return subject.variables.names

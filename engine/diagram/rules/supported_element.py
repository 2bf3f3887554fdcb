"""Every element is one this version runs; the finding says what to draw instead.

Nothing is skipped in silence: what cannot be executed faithfully is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.supported import advice
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "supported-element"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every node that this version does not run."""
    for owner, scope in subject.process.scopes():
        for node in scope.nodes.values():
            found = advice(node, owner)
            if found:
                yield subject.finding(NAME, node, _message(node, found))


def _message(node: Node, instead: Text) -> Text:
    kind = f"{node.event.kind} {node.kind}" if node.event and node.event.definitions else node.kind
    return Text(
        f"{shown(node)}是本版尚不执行的元素({kind}),{instead.zh}。",
        f"Expected an element this version runs, but {shown(node)} ({kind}) is none, so {instead.en}.",
    )

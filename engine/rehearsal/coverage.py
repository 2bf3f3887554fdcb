"""Which sequence flows there are, and which of them nobody took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.diagram.tree import Diagram, Scope


class Flow(NamedTuple):
    """A sequence flow, named by its process and id."""

    process: str
    flow: str


def flows_of(diagram: Diagram) -> frozenset[Flow]:
    """Return every sequence flow of a diagram, those of its sub-processes included."""
    process = diagram.executable
    return frozenset(Flow(process.id, flow.id) for scope in _scopes(process.scope) for flow in scope.flows)


def _scopes(scope: Scope) -> Iterator[Scope]:
    waiting = [scope]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(node.scope for node in found.nodes.values() if node.scope is not None)

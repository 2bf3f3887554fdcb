"""Events at one place wait for different things: on one activity, behind one gateway, or beside each other in a scope.

Of two that wait for the same message, signal, error or escalation only one would ever be reached, and nobody sees which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Scope
from engine.errors import Text
from engine.model import Finding

NAME = "told-apart"
_BY_NAME = frozenset({"message", "signal", "error", "escalation"})


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every event that waits at one place for what another waits for already."""
    for _, scope in subject.process.scopes():
        for place in _places(subject, scope):
            for node, other in _same(place):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}与{shown(other)}在同一处等待同样的触发,只有一个会被触发,请删去一个,或改用不同的名称或代码。",
                        f"Expected {shown(node)} to wait for something else than {shown(other)} at the same place, "
                        "but only one of them would ever be reached, so remove one or give it another name or code.",
                    ),
                )


def _places(subject: Subject, scope: Scope) -> Iterator[list[Node]]:
    nodes = scope.nodes.values()
    for node in nodes:
        waits_itself = [node] if node.kind == "receiveTask" else []
        yield [*waits_itself, *(one for one in nodes if one.attached_to == node.id)]
        if node.kind == "eventBasedGateway":
            flows = (subject.flows[name] for name in node.outgoing)
            yield [scope.nodes[flow.target] for flow in flows if flow.target in scope.nodes]
    handlers = (node.scope for node in nodes if node.triggered_by_event and node.scope is not None)
    yield [one for inner in handlers for one in inner.nodes.values() if one.kind == "startEvent"]


def _same(place: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    seen: dict[tuple[str, str | None], Node] = {}
    for node in place:
        if node.event is None or node.event.kind not in _BY_NAME:
            continue
        key = (node.event.kind, node.event.name)
        if key in seen:
            yield node, seen[key]
        else:
            seen[key] = node

"""An event-based gateway leads to at least two events that are waited for: catch events or receive tasks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "event-based-gateway"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every event-based gateway that does not choose between events."""
    for node in subject.nodes.values():
        if node.kind != "eventBasedGateway":
            continue
        targets = [subject.nodes.get(subject.flows[name].target) for name in node.outgoing]
        if len(targets) < 2 or any(target is None or not _waits(target) for target in targets):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"事件网关{shown(node)}后应至少有两个等待事件(消息、定时、信号或条件),请改正。",
                    f"Expected at least two events to wait for after {shown(node)}, but it leads elsewhere, "
                    "so draw message or timer events behind it.",
                ),
            )


def _waits(node: Node) -> bool:
    linked = node.event is not None and node.event.kind == "link"
    return node.kind in ("intermediateCatchEvent", "receiveTask") and not linked

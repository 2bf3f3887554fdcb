"""An event-based gateway leads to at least two events that wait, and nothing else.

Each of them is come to by the gateway alone, and a receive task there has no events on its border: it stands for one
event among others.
"""

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
            continue
        for target in targets:
            if target is not None:
                yield from _beside(subject, node, target)


def _beside(subject: Subject, gateway: Node, target: Node) -> Iterator[Finding]:
    if len(target.incoming) > 1:
        yield subject.finding(
            NAME,
            target,
            Text(
                f"{shown(target)}应只从事件网关{shown(gateway)}走到,请删去其他顺序流,或另画一个事件。",
                f"Expected only gateway {shown(gateway)} to lead to {shown(target)}, but other flows do too, "
                "so remove them or draw another event.",
            ),
        )
    for event in subject.nodes.values():
        if event.attached_to == target.id:
            yield subject.finding(
                NAME,
                event,
                Text(
                    f"事件网关后的{shown(target)}边框上不应有事件{shown(event)},请把它画成网关后的另一个事件。",
                    f"Expected no event on {shown(target)} behind an event-based gateway, but there is {shown(event)}, "
                    "so draw it as another event behind the gateway.",
                ),
            )


def _waits(target: Node) -> bool:
    linked = target.event is not None and target.event.kind == "link"
    return target.kind in ("intermediateCatchEvent", "receiveTask") and not linked

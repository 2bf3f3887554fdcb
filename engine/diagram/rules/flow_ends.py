"""Sequence flows join two elements of the same level; boundary events stand on an activity."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.names import ACTIVITIES
from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "flow-ends"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every flow or boundary event that hangs in the air."""
    for scope in (scope for _, scope in subject.process.scopes()):
        for flow in scope.flows:
            if flow.source not in scope.nodes or flow.target not in scope.nodes:
                yield subject.finding(
                    NAME,
                    flow,
                    Text(
                        f"顺序流{shown(flow)}应连接同一层的两个元素,请重新连接。",
                        f"Expected sequence flow {shown(flow)} to join two elements of one level, but it does not, "
                        "so connect it again.",
                    ),
                )
        for node in scope.nodes.values():
            host = scope.nodes.get(node.attached_to or "")
            if node.kind == "boundaryEvent" and (host is None or host.kind not in ACTIVITIES):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"边界事件{shown(node)}应附着在一个活动上,请把它拖到活动边框上。",
                        f"Expected boundary event {shown(node)} on an activity, but it is not, so drag it onto one.",
                    ),
                )

"""Link events come in pairs of one name on one level: where a flow is left off, and where it goes on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Scope
from engine.errors import Text
from engine.model import Finding

NAME = "link-event"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every link that leads nowhere, comes from nowhere, or has flows where it has none."""
    for _, scope in subject.process.scopes():
        for node in _links(scope):
            found = _wrong(node, scope)
            if found:
                yield subject.finding(NAME, node, found)


def _links(scope: Scope) -> list[Node]:
    return [node for node in scope.nodes.values() if node.event and node.event.kind == "link"]


def _wrong(node: Node, scope: Scope) -> Text | None:
    catches = node.kind == "intermediateCatchEvent"
    if node.incoming if catches else node.outgoing:
        return Text(
            f"链接事件{shown(node)}的这一端不应有顺序流,请删去。",
            f"Expected no sequence flow on that side of link event {shown(node)}, so remove it.",
        )
    others = [one for one in _links(scope) if one.event and node.event and one.event.name == node.event.name]
    catching = [one for one in others if one.kind == "intermediateCatchEvent"]
    name = node.event.name if node.event else None
    if not name or len(catching) != 1 or len(others) < 2:
        return Text(
            f"链接事件{shown(node)}应在同一层有同名的另一端,且捕获端恰有一个,请改正名称。",
            f"Expected a link event of the same name as {shown(node)} on its level, with one that catches, "
            "so correct the names.",
        )
    return None

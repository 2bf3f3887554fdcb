"""A transaction is cancelled by a cancel end event directly in it, and left by a cancel event on its border."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Scope
from engine.errors import Text
from engine.model import Finding

NAME = "cancel-event"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every cancel event outside a transaction, and every transaction it could not leave."""
    for owner, scope in subject.process.scopes():
        for node in scope.nodes.values():
            found = _wrong(node, owner, scope)
            if found:
                yield subject.finding(NAME, node, found)


def _wrong(node: Node, owner: Node | None, scope: Scope) -> Text | None:
    if _is_cancel(node, "endEvent") and (owner is None or owner.kind != "transaction"):
        return Text(
            f"取消结束事件{shown(node)}应直接画在事务里,请移入事务,或改画错误结束事件。",
            f"Expected cancel end event {shown(node)} directly in a transaction, but it is not, "
            "so move it or draw an error end event.",
        )
    if _is_cancel(node, "boundaryEvent") and _host(node, scope) != "transaction":
        return Text(
            f"取消边界事件{shown(node)}应附着在事务上,请移到事务边框,或改画错误事件。",
            f"Expected cancel event {shown(node)} on a transaction, but it is not, so move it or draw an error event.",
        )
    if node.kind != "transaction" or node.scope is None:
        return None
    ends = [one for one in node.scope.nodes.values() if _is_cancel(one, "endEvent")]
    if ends and not any(
        _is_cancel(one, "boundaryEvent") and one.attached_to == node.id for one in scope.nodes.values()
    ):
        return Text(
            f"事务{shown(node)}可以取消,边框上应有取消事件,请画上。",
            f"Expected a cancel event on the border of {shown(node)}, because it can be cancelled, so draw one.",
        )
    return None


def _is_cancel(node: Node, kind: str) -> bool:
    return node.kind == kind and node.event is not None and node.event.kind == "cancel"


def _host(node: Node, scope: Scope) -> str:
    host = scope.nodes.get(node.attached_to or "")
    return host.kind if host else ""

"""Compensation leads from an activity's border by an association to the one activity that undoes it.

That activity is marked for compensation and has no sequence flows; an event that throws compensation names an
activity of its own level, or none for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.names import ACTIVITIES, THROWING_EVENTS
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Scope
from engine.errors import Text
from engine.model import Finding

NAME = "compensation"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element by which nothing could be undone."""
    parents = {node.id: owner for owner, scope in subject.process.scopes() for node in scope.nodes.values()}
    for owner, scope in subject.process.scopes():
        for node in scope.nodes.values():
            around = _scope_around(owner, scope, parents, subject)
            for message in _wrong(node, scope, around):
                yield subject.finding(NAME, node, message)


def _scope_around(owner: Node | None, scope: Scope, parents: dict[str, Node | None], subject: Subject) -> Scope:
    """Return the scope that an event undoes: the one around an event sub-process."""
    while owner is not None and owner.triggered_by_event:
        above = parents[owner.id]
        owner, scope = above, subject.process.scope if above is None or above.scope is None else above.scope
    return scope


def _wrong(node: Node, scope: Scope, around: Scope) -> Iterator[Text]:
    kind = node.event.kind if node.event else "none"
    if node.kind == "boundaryEvent" and kind == "compensation":
        yield from _wrong_border(node, scope)
    if node.for_compensation:
        yield from _wrong_handler(node, scope)
    if node.kind in THROWING_EVENTS and kind == "compensation" and node.event and node.event.name:
        yield from _wrong_target(node, node.event.name, around)


def _wrong_border(node: Node, scope: Scope) -> Iterator[Text]:
    handler = scope.nodes.get(node.compensated_by or "")
    if handler is None or not handler.for_compensation:
        yield Text(
            f"补偿事件{shown(node)}应用关联线连到一个标为“补偿”的活动,请连上。",
            f"Expected an association from {shown(node)} to an activity marked for compensation, so draw it.",
        )
    if node.outgoing:
        yield Text(
            f"补偿事件{shown(node)}后不应有顺序流,请改用关联线。",
            f"Expected no sequence flow out of {shown(node)}, but there is one, so draw an association instead.",
        )
    same = [one.id for one in scope.nodes.values() if one.attached_to == node.attached_to and _is_compensation(one)]
    if same[0] != node.id:
        yield Text(
            f"同一活动应只有一个补偿事件,请删去{shown(node)}。",
            f"Expected one compensation event on an activity, but {shown(node)} is another, so remove it.",
        )


def _is_compensation(node: Node) -> bool:
    return node.kind == "boundaryEvent" and node.event is not None and node.event.kind == "compensation"


def _wrong_handler(node: Node, scope: Scope) -> Iterator[Text]:
    if node.kind not in ACTIVITIES or node.incoming or node.outgoing:
        yield Text(
            f"补偿活动{shown(node)}不应连接顺序流,请删去这些顺序流。",
            f"Expected no sequence flows at {shown(node)}, which is for compensation, so remove them.",
        )
    if not any(one.compensated_by == node.id and _is_compensation(one) for one in scope.nodes.values()):
        yield Text(
            f"补偿活动{shown(node)}应由某个活动边框上的补偿事件连来,请用关联线连上,或去掉“补偿”标记。",
            f"Expected a compensation event that leads to {shown(node)}, but there is none, "
            "so draw the association or unmark it.",
        )


def _wrong_target(node: Node, name: str, around: Scope) -> Iterator[Text]:
    target = around.nodes.get(name)
    if target is None or target.kind not in ACTIVITIES or target.for_compensation:
        yield Text(
            f"{shown(node)}要撤销的活动“{name}”应在同一层,但不在,请改选,或留空以撤销全部。",
            f"Expected {shown(node)} to undo an activity of its own level, but “{name}” is none, "
            "so choose another or leave it empty to undo all.",
        )

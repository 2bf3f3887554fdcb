"""An event sub-process begins by its one start event alone; an error or a compensation interrupts what it belongs to.

No sequence flow leads to it or away. One that begins by compensation undoes a sub-process, so it stands in one.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "event-sub-process"
_INTERRUPTING = frozenset({"error", "compensation"})


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every event sub-process that could not begin as drawn."""
    for owner, scope in subject.process.scopes():
        for node in scope.nodes.values():
            if not node.triggered_by_event or node.scope is None:
                continue
            for zh, en in _wrong(node, owner):
                yield subject.finding(NAME, node, Text(f"事件子流程{shown(node)}{zh}", f"Expected {shown(node)} {en}"))


def _wrong(node: Node, owner: Node | None) -> Iterator[tuple[str, str]]:
    if node.incoming or node.outgoing:
        yield (
            "不应连接顺序流,它由自己的开始事件触发,请删去这些顺序流。",
            "to have no sequence flows, but an event starts it, so remove them.",
        )
    if node.loop is not None:
        yield (
            "不应设为多实例或循环,请去掉该标记。",
            "to run once an event, but it is repeated, so remove the loop marker.",
        )
    starts = [one.event for one in node.scope.nodes.values() if one.kind == "startEvent"] if node.scope else []
    kinds = [event.kind for event in starts if event is not None]
    begins = [one for one in node.scope.nodes.values() if one.kind == "startEvent"] if node.scope else []
    if kinds and kinds[0] in _INTERRUPTING and not begins[0].interrupting:
        yield (
            "由错误或补偿触发时应中断所在环节,请把开始事件改为实线边框。",
            "to interrupt, because an error or compensation starts it, so draw its start event with a solid border.",
        )
    if kinds and kinds[0] == "compensation" and (owner is None or owner.triggered_by_event):
        yield (
            "由补偿触发时应画在要撤销的子流程里,请移入该子流程。",
            "to stand in the sub-process it undoes, but it does not, so move it there.",
        )

"""A process begins at one plain start event, at messages, signals and times of its own, or at several of these.

A sub-process has exactly one start event. In an ad-hoc sub-process people or an expression begin the activities, so it
has none. Elements without incoming flow would start on their own, which nobody sees in the drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.diagram.graph import is_begun_otherwise
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Scope
from engine.errors import Text
from engine.model import Finding

NAME = "start-event"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every scope that would not begin at one clear place, and every element that begins alone."""
    for owner, scope in subject.process.scopes():
        if owner is not None and owner.ad_hoc is not None:
            continue
        yield from _of_process(subject, scope) if owner is None else _of_sub_process(subject, owner, scope)
        for node in scope.nodes.values():
            if _begins_by_itself(node):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}应有进入的顺序流,请从前一个元素连过来。",
                        f"Expected a sequence flow into {shown(node)}, but there is none, so connect it.",
                    ),
                )


def _of_process(subject: Subject, scope: Scope) -> Iterator[Finding]:
    starts = _starts(scope)
    if not starts:
        yield subject.finding(NAME, subject.process, _counted(shown(subject.process), 0))
    for (kind, _), same in _alike(starts):
        listed = "、".join(shown(node) for node in same)
        what = Text("没有触发条件", "are plain") if kind == "none" else Text("等待同一消息或信号", "wait for the same")
        yield subject.finding(
            NAME,
            same[-1],
            Text(
                f"开始事件{listed}都{what.zh},无法知道案件从哪里开始,请只留一个。",
                f"Expected each start event to be told apart, but {', '.join(map(shown, same))} {what.en}, "
                "so keep one of them.",
            ),
        )


def _alike(starts: list[Node]) -> Iterator[tuple[tuple[str, str | None], list[Node]]]:
    """Yield the start events that nothing tells apart; timers are told apart by their own times."""
    keys = {node.id: (node.event.kind, node.event.name) for node in starts if node.event}
    counted = Counter(keys.values())
    for key, count in counted.items():
        if count > 1 and (key[0] == "none" or key[1] is not None):
            yield key, [node for node in starts if keys.get(node.id) == key]


def _of_sub_process(subject: Subject, owner: Node, scope: Scope) -> Iterator[Finding]:
    starts = _starts(scope)
    if len(starts) != 1:
        yield subject.finding(NAME, owner, _counted(shown(owner), len(starts)))


def _starts(scope: Scope) -> list[Node]:
    return [node for node in scope.nodes.values() if node.kind == "startEvent"]


def _counted(where: str, count: int) -> Text:
    return Text(
        f"{where}应恰有一个开始事件,实际有 {count} 个,请改正。",
        f"Expected exactly one start event in {where}, but there are {count}, so correct it.",
    )


def _begins_by_itself(node: Node) -> bool:
    return not node.incoming and not is_begun_otherwise(node) and node.kind not in ("startEvent", "boundaryEvent")

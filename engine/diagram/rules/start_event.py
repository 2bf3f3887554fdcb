"""A process and every sub-process have exactly one start event; nothing else begins by itself.

In an ad-hoc sub-process people or an expression begin the activities, so it has no start event. Elements without
incoming flow would start on their own, which nobody sees in the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.graph import is_begun_otherwise
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "start-event"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every scope without exactly one start, and every element that begins by itself."""
    for owner, scope in subject.process.scopes():
        if owner is not None and owner.ad_hoc is not None:
            continue
        starts = [node for node in scope.nodes.values() if node.kind == "startEvent"]
        if len(starts) != 1:
            where = owner or subject.process
            yield subject.finding(
                NAME,
                where,
                Text(
                    f"{shown(where)}应恰有一个开始事件,实际有 {len(starts)} 个,请改正。",
                    f"Expected exactly one start event in {shown(where)}, but there are {len(starts)}, so correct it.",
                ),
            )
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


def _begins_by_itself(node: Node) -> bool:
    return not node.incoming and not is_begun_otherwise(node) and node.kind not in ("startEvent", "boundaryEvent")

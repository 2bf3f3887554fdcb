"""An ad-hoc sub-process holds activities that can be begun, and no start or end events: nothing leads through it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.graph import is_begun_otherwise
from engine.diagram.names import ACTIVITIES
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Scope
from engine.errors import Text
from engine.model import Finding

NAME = "ad-hoc"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every ad-hoc sub-process in which nothing could be begun, or something begins by itself."""
    for owner, scope in subject.process.scopes():
        if owner is None or owner.ad_hoc is None:
            continue
        if not _startable(scope):
            yield subject.finding(
                NAME,
                owner,
                Text(
                    f"{shown(owner)}里应有可以选择启动的活动,请画上。",
                    f"Expected activities that can be begun in {shown(owner)}, but there are none, so draw them.",
                ),
            )
        for node in scope.nodes.values():
            if node.kind in ("startEvent", "endEvent") or (not node.incoming and node.id not in _begun(scope)):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}不应单独画在即席子流程里:其中由人选择活动,没有开始和结束,请删去。",
                        f"Expected only activities to be begun in an ad-hoc sub-process, but {shown(node)} is none, "
                        "so remove it.",
                    ),
                )


def _startable(scope: Scope) -> list[str]:
    nodes = scope.nodes.values()
    return [node.id for node in nodes if node.kind in ACTIVITIES and not node.incoming and not is_begun_otherwise(node)]


def _begun(scope: Scope) -> set[str]:
    apart = {node.id for node in scope.nodes.values() if is_begun_otherwise(node) or node.attached_to}
    return apart | set(_startable(scope))

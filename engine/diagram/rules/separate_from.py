"""The property ``separate_from`` names other user tasks of the same process.

Who completed one of them may not do this one (four-eyes principle).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "separate-from"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every name that is no other user task."""
    for node in subject.nodes.values():
        for name in node.listed("separate_from"):
            other = subject.nodes.get(name)
            if node.kind != "userTask" or other is None or other.kind != "userTask" or other is node:
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}的 separate_from 应写另一个用户任务的标识,“{name}”不是,请改正。",
                        f"Expected the id of another user task in separate_from of {shown(node)}, "
                        f"but “{name}” is none, so correct it.",
                    ),
                )

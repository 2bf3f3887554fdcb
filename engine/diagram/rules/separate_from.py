"""The property ``separate_from`` names other user tasks of the same process, or its start event with a form.

Who did one of them may not do this one (four-eyes principle).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "separate-from"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every name that is no other user task."""
    for node in subject.nodes.values():
        for name in node.listed("separate_from"):
            other = subject.nodes.get(name)
            if node.kind != "userTask" or other is None or other is node or not _done_by_a_person(other):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}的 separate_from 应写另一个用户任务的标识,“{name}”不是,请改正。",
                        f"Expected the id of another user task in separate_from of {shown(node)}, "
                        f"but “{name}” is none, so correct it.",
                    ),
                )


def _done_by_a_person(node: Node) -> bool:
    return node.kind == "userTask" or (node.kind == "startEvent" and node.form is not None)

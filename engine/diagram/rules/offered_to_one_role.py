"""A user task is offered to one role: several groups, named people and a drawn assignee do not run in this version.

Whoever is on duty holds the role; people are named when a task is claimed or handed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "offered-to-one-role"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every user task offered to anything but one role."""
    for node in subject.nodes.values():
        if node.kind == "userTask" and (node.users or node.assignee or len(node.groups) > 1):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"用户任务{shown(node)}应只派给一个岗位,请只保留一个候选组,删去办理人和候选人员。",
                    f"Expected user task {shown(node)} to be offered to one role, but it names people or several groups, "
                    "so keep one candidate group and remove the others.",
                ),
            )

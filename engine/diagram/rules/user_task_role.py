"""A user task says whose it is: a candidate group, or a lane that stands for a role.

So does an ad-hoc sub-process in which people choose what is done next. Without one nobody would ever see the task.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "user-task-role"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every user task that belongs to nobody."""
    for node in subject.nodes.values():
        chooses = node.ad_hoc is not None and node.ad_hoc.active is None
        if (node.kind == "userTask" or chooses) and not (node.role or node.users or node.assignee):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"用户任务{shown(node)}应有办理角色,请填写候选组,或把它画进以角色命名的泳道。",
                    f"Expected a role on user task {shown(node)}, but there is none, "
                    "so enter candidate groups or draw it in a lane named after a role.",
                ),
            )

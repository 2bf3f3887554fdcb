"""A user task whose candidate groups are drawn stands in the lane of one of them.

The lane is what people read. Inside a sub-process there are no lanes of its own to stand in.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "lane-of-role"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every user task that stands in the lanes of other roles alone."""
    for node in subject.process.scope.nodes.values():
        lanes = [lane for lane in subject.process.lanes if lane.role and node.id in lane.elements]
        computed = any(group.startswith("=") for group in node.groups)
        if not lanes or not node.groups or computed or {lane.role for lane in lanes} & set(node.groups):
            continue
        drawn, groups = lanes[-1].name or lanes[-1].id, ", ".join(node.groups)
        yield subject.finding(
            NAME,
            node,
            Text(
                f"用户任务{shown(node)}由 {groups} 办理,却画在泳道“{drawn}”里,请移到办理角色的泳道。",
                f"Expected user task {shown(node)} in a lane of {groups}, but it stands in lane “{drawn}”, "
                "so move it to the lane of the role that does it.",
            ),
            "warning",
        )

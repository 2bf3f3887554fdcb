"""A process that a role may start has a form on its start event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "start-form"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every start event without the form that people would fill in."""
    roles = [role.id for role in subject.bundle.roles.values() if subject.process.id in role.starts]
    for node in subject.process.scope.nodes.values() if roles else ():
        if node.kind == "startEvent" and node.event and node.event.kind == "none" and not node.form:
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"开始事件{shown(node)}应有表单,因为角色 {'、'.join(roles)} 可以发起本流程,请填写 formId。",
                    f"Expected a form on start event {shown(node)}, because {', '.join(roles)} may start the process, "
                    "but there is none, so enter its formId.",
                ),
            )

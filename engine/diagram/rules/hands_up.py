"""A user task with ``delegated`` says in ``hands_up_to`` which role of ``roles.yaml`` does it once that is taken back."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "hands-up"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element with only one of the two, with an unknown role, or that is no user task."""
    for node in subject.nodes.values():
        matter, role = node.properties.get("delegated"), node.properties.get("hands_up_to")
        if matter is None and role is None:
            continue
        if node.kind != "userTask" or not matter or role not in subject.bundle.roles:
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}的 delegated 应写事项，hands_up_to 应写 roles.yaml 中收回后接办的角色，"
                    "且只用于用户任务，请补全或改正。",
                    f"Expected on a user task both delegated, the matter, and hands_up_to, a role of roles.yaml, "
                    f"but {shown(node)} has not, so complete or correct it.",
                ),
            )

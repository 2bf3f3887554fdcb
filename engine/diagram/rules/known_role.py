"""Candidate groups and lanes name roles of ``roles.yaml``."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "known-role"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every role that is not known."""
    known = "、".join(subject.bundle.roles)
    for node in subject.nodes.values():
        lane = (node.role,) if node.kind in ("userTask", "adHocSubProcess") and node.role else ()
        for role in dict.fromkeys((*node.groups, *lane)):
            if role not in subject.bundle.roles and not role.startswith("="):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}的角色“{role}”不在 roles.yaml 中,请改为:{known}。",
                        f"Expected a role of roles.yaml on {shown(node)}, but “{role}” is none, "
                        f"so use one of: {', '.join(subject.bundle.roles)}.",
                    ),
                )

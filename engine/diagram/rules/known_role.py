"""Candidate groups, lanes, the property ``told_by`` and the process property ``restricted`` name roles of ``roles.yaml``.

A restricted case whose keepers nobody can be would be there for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Process
from engine.errors import Text
from engine.model import Finding

NAME = "known-role"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every role that is not known."""
    for node in subject.nodes.values():
        lane = (node.role,) if node.kind in ("userTask", "adHocSubProcess") and node.role else ()
        yield from _unknown(subject, node, dict.fromkeys((*node.groups, *lane, *node.listed("told_by"))))
    keepers = subject.process.properties.get("restricted", "").split(",")
    yield from _unknown(subject, subject.process, dict.fromkeys(name for part in keepers if (name := part.strip())))


def _unknown(subject: Subject, element: Node | Process, roles: Iterable[str]) -> Iterator[Finding]:
    known = "、".join(subject.bundle.roles)
    for role in roles:
        if role not in subject.bundle.roles and not role.startswith("="):
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"{shown(element)}的角色“{role}”不在 roles.yaml 中,请改为:{known}。",
                    f"Expected a role of roles.yaml on {shown(element)}, but “{role}” is none, "
                    f"so use one of: {', '.join(subject.bundle.roles)}.",
                ),
            )

"""Notices named by the property ``document`` exist under ``documents/``."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "known-document"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every notice that does not exist."""
    for node in subject.nodes.values():
        for name in node.listed("document"):
            if name not in subject.documents:
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}的文书“{name}”不存在,请在 documents/ 中加入,或改正名称。",
                        f"Expected a notice “{name}” for {shown(node)}, but there is none, "
                        "so add it under documents/ or correct the name.",
                    ),
                )

"""Decisions of business rule tasks exist in a table of the folder or of ``shared``."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "known-decision"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every decision that does not exist."""
    for node in subject.nodes.values():
        if node.decision and node.decision not in subject.decisions and not node.decision.startswith("="):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}的决策“{node.decision}”不存在,请加入 .dmn 文件,或改正 decisionId。",
                    f"Expected a decision “{node.decision}” for {shown(node)}, but there is none, "
                    "so add the .dmn file or correct the decisionId.",
                ),
            )

"""Forms of user tasks and start events exist in the folder or in ``shared``."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "known-form"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every form that does not exist."""
    for node in subject.nodes.values():
        if node.form and node.form not in subject.forms and not node.form.startswith("="):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}的表单“{node.form}”不存在,请加入该表单文件,或改正 formId。",
                    f"Expected a form “{node.form}” for {shown(node)}, but there is none, "
                    "so add the form file or correct the formId.",
                ),
            )

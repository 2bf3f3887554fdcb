"""The process id is the name of its folder, and the file is named after it.

Call activities, roles and addresses find a process by this one name.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject
from engine.errors import Text
from engine.model import Finding

NAME = "process-folder"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding when the id of the process is not that of its folder."""
    if subject.process.id != subject.bundle.process:
        yield subject.finding(
            NAME,
            subject.process,
            Text(
                f"流程标识应与文件夹同名“{subject.bundle.process}”,实际为“{subject.process.id}”,请改成一致。",
                f"Expected the process id “{subject.bundle.process}” of its folder, but it is “{subject.process.id}”, "
                "so make them equal.",
            ),
        )

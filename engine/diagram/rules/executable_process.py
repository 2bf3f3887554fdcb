"""A file holds exactly one process, and it is executable.

A process that is not executable would be loaded as nothing; a second one would never run. Another party is drawn as
a black-box pool.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "executable-process"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every process that would not run."""
    for process in subject.diagram.processes:
        if not process.executable:
            yield subject.finding(
                NAME,
                process,
                Text(
                    f"流程{shown(process)}应可执行,但 isExecutable 为 false,请勾选“可执行”,或把对方画成空白泳池。",
                    f"Expected process {shown(process)} to be executable, but isExecutable is false, "
                    "so tick “Executable” or draw the other party as an empty pool.",
                ),
            )
        elif process is not subject.process:
            yield subject.finding(
                NAME,
                process,
                Text(
                    f"一个文件应只有一个可执行流程,但还有{shown(process)},请移到单独的文件夹。",
                    f"Expected one executable process in a file, but {shown(process)} is another, "
                    "so move it to a folder of its own.",
                ),
            )

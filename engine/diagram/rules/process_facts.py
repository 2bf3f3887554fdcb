"""The process properties ``summary``, ``title`` and ``index`` name variables of the process.

They say what lists and searches show of a case; ``index`` may write ``phone`` or ``phone=contact_phone``, ``summary``
a variable with a label of its own, ``期限/Deadline=deadline``.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject
from engine.errors import Text
from engine.model import Finding

NAME = "process-facts"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every name there that no element writes."""
    for key in () if subject.variables.given else ("summary", "title", "index"):
        for part in subject.process.properties.get(key, "").split(","):
            name = part.rpartition("=")[2].strip().split(".")[0]
            if name and name not in subject.variables.names:
                yield subject.finding(
                    NAME,
                    subject.process,
                    Text(
                        f"流程属性 {key} 中的“{name}”没有任何元素写入,请改正名称。",
                        f"Expected a variable of the process in its property {key}, but nothing writes “{name}”, "
                        "so correct the name.",
                    ),
                    "warning",
                )

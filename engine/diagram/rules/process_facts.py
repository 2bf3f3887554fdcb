"""The process properties ``summary``, ``title`` and ``index`` name variables of the process.

They say what lists and searches show of a case; ``index`` may write ``phone`` or ``phone=contact_phone``, ``summary``
a variable with a label of its own, ``期限/Deadline=deadline``. What ``index`` finds cases by is a kind that people search.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject
from engine.errors import Text
from engine.model import SOUGHT_BY, Finding

NAME = "process-facts"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every name there that no element writes, and for every kind that no search asks for."""
    for key in () if subject.variables.given else ("summary", "title", "index"):
        for part in _parts(subject, key):
            name = part.rpartition("=")[2].strip().split(".")[0]
            if name and name not in subject.variables.names:
                message = Text(
                    f"流程属性 {key} 中的“{name}”没有任何元素写入,请改正名称。",
                    f"Expected a variable of the process in its property {key}, but nothing writes “{name}”, "
                    "so correct the name.",
                )
                yield subject.finding(NAME, subject.process, message, "warning")
    for part in _parts(subject, "index"):
        kind = part.partition("=")[0].strip()
        if kind and kind not in SOUGHT_BY:
            known = ", ".join(SOUGHT_BY)
            message = Text(
                f"流程属性 index 中的“{kind}”没有人会按它查找,应为 {known} 之一,写成“name=变量”。",
                f"Expected one of {known} in the process property index, but “{kind}” is searched by nobody; "
                "write “name=variable”.",
            )
            yield subject.finding(NAME, subject.process, message, "warning")


def _parts(subject: Subject, key: str) -> list[str]:
    return subject.process.properties.get(key, "").split(",")

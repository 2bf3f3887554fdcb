"""Every element and flow has its place in the drawing.

Without it people see neither the element nor the cases that stand there.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "drawing"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every element the drawing lacks; one for the process when it lacks them all."""
    elements = subject.elements[1:]
    missing = [element for element in elements if element.id not in subject.diagram.drawn]
    if missing and len(missing) == len(elements):
        yield subject.finding(
            NAME,
            subject.process,
            Text(
                "文件中没有图形,页面上将看不到流程图,请用建模工具画出并保存。",
                "Expected a drawing in the file, but there is none and pages cannot show it, so draw and save it.",
            ),
            "warning",
        )
        return
    for element in missing:
        yield subject.finding(
            NAME,
            element,
            Text(
                f"{shown(element)}在图中没有位置,请用建模工具补画。",
                f"Expected {shown(element)} in the drawing, but it has no place there, so draw it.",
            ),
            "warning",
        )

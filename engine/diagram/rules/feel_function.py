"""Every function that an expression calls is one of the built-in ones, called as it can be."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "feel-function"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every unknown function and every call that can only fail."""
    for checked in subject.expressions:
        if checked.compiled is None:
            continue
        element, place = checked.expression.element, checked.expression.place
        for name in sorted(checked.compiled.calls):
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"{shown(element)}的{place.zh}调用了不存在的函数“{name}”,请改用内置函数。",
                    f"Expected a built-in function in the {place.en} of {shown(element)}, but “{name}” is none, "
                    "so use a built-in one.",
                ),
            )
        for problem in checked.compiled.findings:
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"{shown(element)}的{place.zh}:{problem.message.zh}",
                    f"{problem.message.en} ({place.en} of {shown(element)})",
                ),
            )

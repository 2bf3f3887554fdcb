"""Every expression is FEEL and starts with ``=`` where an expression is needed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "feel-syntax"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every expression that is not FEEL, or lacks its mark."""
    for checked in subject.expressions:
        expression, problem = checked.expression, checked.problem
        where = f"{shown(expression.element)}"
        if not expression.text.startswith("="):
            yield subject.finding(
                NAME,
                expression.element,
                Text(
                    f"{where}的{expression.place.zh}应是以“=”开头的表达式,实际为“{expression.text[:60]}”,请加上“=”。",
                    f"Expected an expression that starts with “=” as {expression.place.en} of {where}, "
                    f"but it is “{expression.text[:60]}”, so put “=” before it.",
                ),
            )
        elif problem:
            yield subject.finding(
                NAME,
                expression.element,
                Text(
                    f"{where}的{expression.place.zh}“{expression.text[:60]}”第 {problem.position + 1} 个字符处:{problem.message.zh}",
                    f"{problem.message.en} ({expression.place.en} of {where}, “{expression.text[:60]}”, "
                    f"character {problem.position + 1})",
                ),
            )

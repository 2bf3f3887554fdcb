"""Every ``case.…`` that an expression reads is a fact the engine keeps."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "known-case-fact"

CASE_FACTS = ("id", "number", "started_at", "region", "channel", "started_by", "policy_date")


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every fact of the case that does not exist."""
    for checked in subject.expressions:
        for path in sorted(checked.compiled.paths) if checked.compiled else ():
            if path[0] == "case" and len(path) > 1 and path[1] not in CASE_FACTS:
                element = checked.expression.element
                yield subject.finding(
                    NAME,
                    element,
                    Text(
                        f"{shown(element)}读取的“case.{path[1]}”不存在,可用:{'、'.join(CASE_FACTS)}。",
                        f"Expected one of {', '.join(CASE_FACTS)} after “case.” in {shown(element)}, "
                        f"but it is “{path[1]}”, so correct it.",
                    ),
                )

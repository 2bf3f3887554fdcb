"""A priority is a whole number from 0 to 100, retries one from 0 to 100; or an expression."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "priority-and-retries"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every literal out of range."""
    for node in subject.nodes.values():
        for place, text in ((Text("优先级", "priority"), node.priority), (Text("重试次数", "retries"), node.retries)):
            if text and not text.startswith("=") and not (text.isascii() and text.isdigit() and int(text[:4]) <= 100):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}的{place.zh}应为 0 到 100 的整数,实际为“{text}”,请改正。",
                        f"Expected a whole number from 0 to 100 as {place.en} of {shown(node)}, but it is “{text}”, "
                        "so correct it.",
                    ),
                )

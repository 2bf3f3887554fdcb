"""An event that throws a message may say in ``life`` how long it waits for its receiver, in ``receiver`` that there may be none."""

from __future__ import annotations

from collections.abc import Iterator

from engine.clock import parse_duration
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "thrown-message"

_THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
_LONGEST_DAYS = 366


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element whose ``life`` or ``receiver`` says something else, or that throws no message."""
    for node in subject.nodes.values():
        life, receiver = node.properties.get("life"), node.properties.get("receiver")
        if life is None and receiver is None:
            continue
        if not _throws(node) or receiver not in (None, "optional") or not _is_life(life):
            message = Text(
                f"{shown(node)}的 receiver 应为 optional，life 应为一年以内的天数或时数，如 P90D，且只用于抛出消息的事件，请改正。",
                f"Expected, on an event that throws a message, optional as receiver and up to a year as life, such as P90D, "
                f"but {shown(node)} has something else, so correct it.",
            )
            yield subject.finding(NAME, node, message)


def _throws(node: Node) -> bool:
    return node.kind in _THROWING and node.event is not None and node.event.kind == "message"


def _is_life(text: str | None) -> bool:
    if text is None:
        return True
    try:
        found = parse_duration(text)
    except ValueError:
        return False
    return found.months == 0 and 0 < found.span.total_seconds() <= _LONGEST_DAYS * 86400

"""An event that throws a message may say in ``life`` how long it waits for its receiver, in ``receiver`` that there may be none."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.names import THROWING_EVENTS
from engine.diagram.subject import Subject, shown
from engine.diagram.thrown import LIFE, RECEIVER, life, may_be_unheard
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "thrown-message"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element whose ``life`` or ``receiver`` says something else, or that throws no message."""
    for node in subject.nodes.values():
        if not node.properties.keys() & {LIFE, RECEIVER} or (_throws(node) and _is_well_said(node)):
            continue
        message = Text(
            f"{shown(node)}的 receiver 应为 optional，life 应为一年以内的天数或时数，如 P90D，且只用于抛出消息的事件，请改正。",
            f"Expected, on an event that throws a message, optional as receiver and up to a year as life, such as P90D, "
            f"but {shown(node)} has something else, so correct it.",
        )
        yield subject.finding(NAME, node, message)


def _throws(node: Node) -> bool:
    return node.kind in THROWING_EVENTS and node.event is not None and node.event.kind == "message"


def _is_well_said(node: Node) -> bool:
    try:
        life(node)
    except ValueError:
        return False
    return RECEIVER not in node.properties or may_be_unheard(node)

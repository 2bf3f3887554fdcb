"""An error or cancel boundary event interrupts its activity, since the activity has failed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "boundary-event"
_ENDING = frozenset({"error", "cancel"})


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every error or cancel boundary event drawn as non-interrupting."""
    for node in subject.nodes.values():
        if node.kind == "boundaryEvent" and node.event and node.event.kind in _ENDING and not node.interrupting:
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"边界事件{shown(node)}应中断活动,请改为实线边框。",
                    f"Expected boundary event {shown(node)} to interrupt, but it does not, "
                    "so draw it with a solid border.",
                ),
            )

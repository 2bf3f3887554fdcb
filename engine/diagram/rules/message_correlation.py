"""A message that a running case waits for has a correlation key.

Without a key it could not be told for which case the message is.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "message-correlation"

_WAITING = frozenset({"intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every awaited message without a key."""
    for node, owner in ((node, owner) for owner, scope in subject.process.scopes() for node in scope.nodes.values()):
        waits = node.kind in _WAITING or (owner is not None and owner.triggered_by_event and node.kind == "startEvent")
        if waits and node.event and node.event.kind == "message" and not node.event.correlation:
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}等待的消息应有关联键,请填写,例如 =case.number。",
                    f"Expected a correlation key for the message of {shown(node)}, but there is none, "
                    "so enter one such as =case.number.",
                ),
            )

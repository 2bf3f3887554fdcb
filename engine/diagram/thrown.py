"""What an event that throws a message says of it: how long it waits for its receiver, and that there may be none."""

from __future__ import annotations

from datetime import timedelta

from engine.clock import parse_duration
from engine.diagram.tree import Node
from engine.settings import LONGEST_LIFE

LIFE, RECEIVER, OPTIONAL = "life", "receiver", "optional"


def life(node: Node) -> timedelta | None:
    """Return how long its message waits, None where the diagram leaves that open.

    Raises ValueError unless it is drawn as an ISO duration without months, above zero and up to a year.
    """
    drawn = node.properties.get(LIFE)
    if drawn is None:
        return None
    found = parse_duration(drawn)
    if found.months or not timedelta() < found.span <= LONGEST_LIFE:
        raise ValueError(f"Expected up to {LONGEST_LIFE.days} days, but found {drawn!r}")
    return found.span


def may_be_unheard(node: Node) -> bool:
    """Return whether nothing is wrong when no case waits for its message."""
    return node.properties.get(RECEIVER) == OPTIONAL

"""Conditions stand where they are evaluated: on the flows of exclusive gateways and activities, not on defaults.

An exclusive gateway that branches has a condition on every flow but the default one.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "flow-condition"

_NO_CONDITIONS = frozenset({"parallelGateway", "eventBasedGateway"})


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every condition that is missing or would be ignored."""
    for flow in subject.flows.values():
        node = subject.nodes.get(flow.source)
        if node is None:
            continue
        if flow.condition and (flow.default or node.kind in _NO_CONDITIONS):
            yield subject.finding(
                NAME,
                flow,
                Text(
                    f"顺序流{shown(flow)}上的条件不会被计算,请删去条件,或改画排他网关。",
                    f"Expected no condition on {shown(flow)}, but it has one that is never evaluated, "
                    "so remove it or draw an exclusive gateway.",
                ),
            )
        branching = node.kind in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1
        if branching and not flow.condition and not flow.default:
            yield subject.finding(
                NAME,
                flow,
                Text(
                    f"网关{shown(node)}的顺序流{shown(flow)}应有条件,请填写,或设为默认流。",
                    f"Expected a condition on {shown(flow)} of gateway {shown(node)}, but there is none, "
                    "so enter one or make it the default flow.",
                ),
            )

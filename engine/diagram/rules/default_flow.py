"""An exclusive gateway that branches has a default flow, unless its conditions leave nothing out.

Where no condition holds and there is no default the case stops with an incident. Two conditions leave nothing out
when one is the negation of the other: ``=x`` and ``=not(x)``, ``=a >= 3`` and ``=a < 3``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "default-flow"

_OPPOSITES = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
_COMPARISON = re.compile(r"([^<>=!]+)(>=|<=|!=|<|>|=)([^<>=!]+)")


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every branching gateway that may find no way out."""
    for node in subject.nodes.values():
        flows = [subject.flows[name] for name in node.outgoing]
        if node.kind not in ("exclusiveGateway", "inclusiveGateway") or len(flows) < 2:
            continue
        if not any(flow.default for flow in flows) and not _complete([flow.condition or "" for flow in flows]):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"网关{shown(node)}应有默认流,否则各条件都不成立时案件会停住,请设一条默认流。",
                    f"Expected a default flow on gateway {shown(node)}, but there is none and the case stops "
                    "when no condition holds, so make one flow the default.",
                ),
                "warning",
            )


def _complete(conditions: list[str]) -> bool:
    texts = ["".join(condition.removeprefix("=").split()) for condition in conditions]
    return len(texts) == 2 and (_negates(*texts) or _negates(texts[1], texts[0]))


def _negates(first: str, second: str) -> bool:
    if second == f"not({first})" or {first, second} == {f"{first}", f"{first}=false"}:
        return True
    one, other = _COMPARISON.fullmatch(first), _COMPARISON.fullmatch(second)
    if not one or not other or one[1] != other[1]:
        return False
    same = one[3] == other[3] and _OPPOSITES[one[2]] == other[2]
    return same or (one[2] == other[2] == "=" and {one[3], other[3]} == {"true", "false"})

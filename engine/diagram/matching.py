"""Which element of one version of a process is which element of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from engine.diagram.tree import Diagram, Node

Place = tuple[str, str]
Sort = tuple[str, str, str]

_STANDING = frozenset({
    "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "subProcess", "transaction", "adHocSubProcess",
    "callActivity", "intermediateCatchEvent", "boundaryEvent", "eventBasedGateway", "parallelGateway",
    "inclusiveGateway",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """An element and its counterpart in the other version, None where there is none.

    ``candidates`` are the elements of the same sort there, the counterpart among them.
    """

    process: str
    node: Node
    target: str | None
    candidates: tuple[Node, ...]

    @property
    def standing(self) -> bool:
        """Return whether a case can wait at the element."""
        node = self.node
        return node.kind in _STANDING or node.loop is not None or node.job_type is not None or node.for_compensation


def sort_of(node: Node) -> Sort:
    """Return what must be equal of two elements for a token to go from one to the other: kind, event, loop."""
    event = node.event.kind if node.event else ""
    place = "event sub-process" if node.triggered_by_event else event
    return node.kind, place, node.loop.kind if node.loop else ""


def match(old: Mapping[str, Diagram], new: Mapping[str, Diagram]) -> list[Match]:
    """Return every element of the old diagrams with its counterpart: the same id, else the only one of its name."""
    found: list[Match] = []
    for process, diagram in old.items():
        others = list(new[process].executable.nodes()) if process in new else []
        found += _of_process(process, list(diagram.executable.nodes()), others)
    return found


def _of_process(process: str, nodes: list[Node], others: list[Node]) -> list[Match]:
    by_sort: dict[Sort, list[Node]] = defaultdict(list)
    for other in others:
        by_sort[sort_of(other)].append(other)
    ids = {other.id for other in others}
    own_ids = {node.id for node in nodes}
    targets = {node.id: node.id for node in nodes if any(other.id == node.id for other in by_sort[sort_of(node)])}
    left = [node for node in nodes if node.id not in targets and node.id not in ids]
    free = [other for other in others if other.id not in own_ids]
    for node in left:
        named = [other for other in free if _is_called_like(other, node)]
        if len(named) == 1 and sum(_is_called_like(named[0], other) for other in left) == 1:
            targets[node.id] = named[0].id
    return [Match(process, node, targets.get(node.id), tuple(by_sort[sort_of(node)])) for node in nodes]


def _is_called_like(one: Node, other: Node) -> bool:
    return bool(one.name) and one.name == other.name and sort_of(one) == sort_of(other)

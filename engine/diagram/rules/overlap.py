"""In the drawing nodes stand apart, no flow runs through a node, and nothing lies on a name.

What lies on something else can neither be read nor be found on the pages that show where cases stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from engine.diagram.names import ACTIVITIES
from engine.diagram.places import Box, Line, Places
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Flow, Node, Scope
from engine.errors import Text
from engine.model import Finding

NAME = "overlap"

# Nobody draws so much in one place; it bounds the time for a file that was made to waste it.
MOST_PAIRS = 500_000

# What is nearer than this to its own border only touches, in pixels.
_TOUCH = 2.0


class _Thing(NamedTuple):
    """Something drawn: a node, a name beside its element, or a straight part of a flow."""

    box: Box
    element: Node | Flow
    line: Line | None = None
    is_name: bool = False


def check(subject: Subject) -> Iterator[Finding]:
    """Return a warning for every two things of one level that lie on each other."""
    for _, scope in subject.process.scopes():
        told = set()
        for one, other in islice(_neighbours(_things(scope, subject.diagram.places)), MOST_PAIRS):
            found = _covered(one, other) or _covered(other, one)
            if found and found not in told:
                told.add(found)
                element, message = found
                yield subject.finding(NAME, element, message, "warning")


def _things(scope: Scope, places: Places) -> Iterator[_Thing]:
    for node in scope.nodes.values():
        if node.id in places.shapes:
            yield _Thing(_body(node, places.shapes[node.id]), node)
        if node.id in places.names and node.name and node.kind not in ACTIVITIES:
            yield _Thing(places.names[node.id].shrunk(_TOUCH), node, is_name=True)
    for flow in scope.flows:
        for line in places.lines.get(flow.id, ()):
            yield _Thing(line.box, flow, line)
        if flow.id in places.names and flow.name:
            yield _Thing(places.names[flow.id].shrunk(_TOUCH), flow, is_name=True)


def _body(node: Node, box: Box) -> Box:
    """Round and pointed shapes leave the corners of their rectangle free."""
    return box.shrunk(_TOUCH if node.kind in ACTIVITIES else (box.right - box.left) / 4)


def _neighbours(things: Iterator[_Thing]) -> Iterator[tuple[_Thing, _Thing]]:
    """Return the pairs that may meet, from left to right."""
    ordered = sorted(things, key=lambda thing: thing.box.left)
    for index, one in enumerate(ordered):
        for other in islice(ordered, index + 1, None):
            if other.box.left > one.box.right:
                break
            yield one, other


def _covered(one: _Thing, other: _Thing) -> tuple[str, Text] | None:
    """Return the element whose drawing the other thing spoils, and what to tell; None when all is well."""
    if one.line is not None:
        return _runs_through(one.element, one.line, other)
    if one.is_name:
        return _lies_on_name(one, other)
    if other.line is None and not other.is_name and one.box.meets(other.box) and not _attached(one, other):
        return one.element.id, Text(
            f"{shown(one.element)}与{shown(other.element)}在图中重叠,请把其中一个移开。",
            f"Expected {shown(one.element)} and {shown(other.element)} apart in the drawing, but they overlap, "
            "so move one of them.",
        )
    return None


def _runs_through(flow: Node | Flow, line: Line, other: _Thing) -> tuple[str, Text] | None:
    node = other.element
    if other.is_name or other.line is not None or not isinstance(node, Node) or not isinstance(flow, Flow):
        return None
    if node.id in (flow.source, flow.target) or not line.crosses(other.box):
        return None
    return flow.id, Text(
        f"顺序流{shown(flow)}从{shown(node)}上穿过,请改画到旁边。",
        f"Expected sequence flow {shown(flow)} beside {shown(node)}, but it runs through it, so draw it around.",
    )


def _lies_on_name(name: _Thing, other: _Thing) -> tuple[str, Text] | None:
    lies = name.box.meets(other.box) if other.line is None else other.line.crosses(name.box)
    if not lies:
        return None
    return name.element.id, Text(
        f"{shown(name.element)}的名称与{shown(other.element)}相互遮挡,请把文字移开。",
        f"Expected the name of {shown(name.element)} to stand free, but {shown(other.element)} lies on it, "
        "so move the name.",
    )


def _attached(one: _Thing, other: _Thing) -> bool:
    hosts = {thing.element.attached_to for thing in (one, other) if isinstance(thing.element, Node)}
    return bool(hosts & {one.element.id, other.element.id})

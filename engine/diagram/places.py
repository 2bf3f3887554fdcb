"""Where nodes, flows and their names stand in the drawing, in pixels from its top left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from types import MappingProxyType

from lxml import etree

from engine.diagram.names import BPMN_DI, DC, DI


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; one that was shrunk to nothing meets nothing."""

    left: float
    top: float
    right: float
    bottom: float

    def shrunk(self, margin: float) -> Box:
        """Return the rectangle without a margin on every side."""
        return Box(self.left + margin, self.top + margin, self.right - margin, self.bottom - margin)

    def meets(self, other: Box) -> bool:
        """Return whether the two have more than a border in common."""
        return (
            max(self.left, other.left) < min(self.right, other.right)
            and max(self.top, other.top) < min(self.bottom, other.bottom)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A straight part of a flow."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def box(self) -> Box:
        """Return the rectangle around it."""
        return Box(min(self.x1, self.x2), min(self.y1, self.y2), max(self.x1, self.x2), max(self.y1, self.y2))

    def crosses(self, box: Box) -> bool:
        """Return whether some of it lies in the rectangle."""
        across, down = self.x2 - self.x1, self.y2 - self.y1
        enters, leaves = 0.0, 1.0
        # Each side of the rectangle cuts off what is outside of it.
        for towards, distance in (
            (-across, self.x1 - box.left), (across, box.right - self.x1),
            (-down, self.y1 - box.top), (down, box.bottom - self.y1),
        ):  # fmt: skip
            if towards == 0:
                if distance < 0:
                    return False
            elif towards < 0:
                enters = max(enters, distance / towards)
            else:
                leaves = min(leaves, distance / towards)
        return enters < leaves


@dataclass(frozen=True, slots=True)
class Places:
    """The rectangles of shapes and of names beside them, and the lines of flows, by element id."""

    shapes: Mapping[str, Box] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[str, tuple[Line, ...]] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, Box] = field(default_factory=lambda: MappingProxyType({}))


def read_places(root: etree._Element) -> Places:
    """Return the places that the file tells; what has no readable numbers is left out."""
    shapes: dict[str, Box] = {}
    lines: dict[str, tuple[Line, ...]] = {}
    names: dict[str, Box] = {}
    for drawn in root.iter(f"{{{BPMN_DI}}}BPMNShape", f"{{{BPMN_DI}}}BPMNEdge"):
        element = drawn.get("bpmnElement", "")
        shape = _box(drawn.find(f"{{{DC}}}Bounds"))
        name = _box(drawn.find(f"{{{BPMN_DI}}}BPMNLabel/{{{DC}}}Bounds"))
        if shape is not None:
            shapes[element] = shape
        if name is not None:
            names[element] = name
        points = [_numbers(point, ("x", "y")) for point in drawn.iterchildren(f"{{{DI}}}waypoint")]
        if points and all(points):
            lines[element] = tuple(Line(*one, *other) for one, other in pairwise(points))
    return Places(MappingProxyType(shapes), MappingProxyType(lines), MappingProxyType(names))


def _box(bounds: etree._Element | None) -> Box | None:
    numbers = [] if bounds is None else _numbers(bounds, ("x", "y", "width", "height"))
    if not numbers:
        return None
    left, top, width, height = numbers
    return Box(left, top, left + width, top + height)


def _numbers(element: etree._Element, names: Iterable[str]) -> list[float]:
    try:
        numbers = [float(element.get(name, "")) for name in names]
    except ValueError:
        return []
    return numbers if all(map(isfinite, numbers)) else []

"""An input laid out as an axis: cut at every constant its cells mention, into segments no cell tells apart inside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from engine.dmn.analysis.kinds import Kind

Mask = int
"""A set of segments, or of rules: bit n stands for number n."""


def bits(mask: Mask) -> Iterator[int]:
    """Return the numbers in a set, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Axis:
    """The values of one input: points and, where the kind is ordered, the open stretches around them; last, null.

    An axis without kind has values nobody knows anything about: one segment beside null.
    """

    def __init__(self, label: str, kind: Kind | None, constants: Iterable[Any] = ()) -> None:
        self.label = label
        self.kind = kind
        places = dict.fromkeys(place for value in constants if kind and (place := kind.place(value)) is not None)
        self._places: list[Any] = sorted(places) if kind and kind.between else list(places)
        self._segments = _segments(kind, self._places)
        self.null: Mask = 1 << len(self._segments)
        self.domain: Mask = sum(1 << at for at, segment in enumerate(self._segments) if segment is not None)

    @property
    def everything(self) -> Mask:
        """Return all segments but null, those of values that do not exist or are not allowed too."""
        return self.null - 1

    def restrict(self, allowed: Mask) -> None:
        """Leave only these segments as values that can occur."""
        self.domain &= allowed

    def sample(self, segment: int) -> Any:
        """Return a value of the segment; None for null."""
        found = None if 1 << segment == self.null else self._segments[segment]
        return found.value if found else None

    def compared(self, operator: str, constant: Any) -> Mask | None:
        """Return the segments whose values compare so with the constant; None when that has no answer."""
        place = self.kind.place(constant) if self.kind else None
        if self.kind is None or place is None:
            return None
        if self.kind.between is None:
            point = 1 << self._places.index(place)
            return {"=": point, "!=": self.everything ^ point}.get(operator)
        at = 2 * bisect_left(self._places, place) + 1
        below, point = (1 << at) - 1, 1 << at
        masks = {"=": point, "<": below, "<=": below | point}
        if operator in masks:
            return masks[operator]
        return self.everything ^ masks[{"!=": "=", ">=": "<", ">": "<="}[operator]]


class _Sample(NamedTuple):
    value: Any


def _segments(kind: Kind | None, places: list[Any]) -> list[_Sample | None]:
    """Return a sample of each segment, None for one that no value lies in."""
    if kind is None:
        return [_Sample(None)]
    if kind.between is None:
        places += [value for value in kind.all if value not in places]
        return [*map(_Sample, places), *([] if kind.all else [_other_text(places)])]
    segments: list[_Sample | None] = []
    ends = [None, *places, None]
    for low, high in pairwise(ends):
        if low is not None:
            segments.append(_Sample(kind.value(low)) if kind.exists(low) else None)
        inside = kind.between(low, high)
        segments.append(None if inside is None else _Sample(kind.value(inside)))
    return segments


def _other_text(places: list[Any]) -> _Sample:
    names = (f"其他{number or ''}" for number in range(len(places) + 1))
    return _Sample(next(name for name in names if name not in places))

"""Whether rules leave a part of a box uncovered, by cutting it axis by axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.dmn.analysis.axes import Mask, bits
from engine.dmn.analysis.grid import Grid, Rules

Point = tuple[int | None, ...]
"""A segment on each axis; None where any will do."""
MOST_WORK = 400_000


class TooMany(Exception):
    """The combinations are too many to look at all of them."""


class Cutter:
    """Looks for uncovered parts; what all its searches may cost together is limited."""

    def __init__(self, grid: Grid) -> None:
        self._left = MOST_WORK
        sizes = [axis.domain.bit_count() for axis in grid.axes]
        self._order = sorted(range(len(sizes)), key=lambda number: sizes[number])

    def holes(self, box: tuple[Mask, ...], rules: Rules, among: Mask) -> Iterator[Point]:
        """Yield points of the box that none of the rules ``among`` covers. Raises TooMany."""
        if not all(box):
            return
        search = _Search(self, box, rules, among, self._order)
        for path in search.below(0, among):
            point: list[int | None] = [None] * len(box)
            for axis, segment in zip(self._order, path, strict=False):
                point[axis] = segment
            yield tuple(point)

    def spend(self, work: int) -> None:
        """Count work. Raises TooMany when there is too much of it."""
        self._left -= work
        if self._left < 0:
            raise TooMany


class _Search:
    """One search; combinations of rules that were found to cover the rest are remembered."""

    def __init__(self, cutter: Cutter, box: tuple[Mask, ...], rules: Rules, among: Mask, order: Sequence[int]) -> None:
        self._cutter = cutter
        self._box = box
        self._rules = rules
        self._order = order
        self._covered: set[tuple[int, Mask]] = set()
        self._whole = self._covering_from(among)

    def _covering_from(self, among: Mask) -> list[Mask]:
        """Return for each level the rules that cover the box on this axis and all after it."""
        self._cutter.spend(among.bit_count() * len(self._order))
        whole = [among]
        for axis in reversed(self._order):
            left = whole[-1]
            covering = (rule for rule in bits(left) if not self._box[axis] & ~self._rules.boxes[rule][axis])
            whole.append(sum(1 << rule for rule in covering))
        return whole[::-1]

    def below(self, level: int, rules: Mask) -> Iterator[tuple[int, ...]]:
        """Yield the segments, from this axis on, that lead to a point covered by none of the rules."""
        if not rules:
            yield ()
            return
        if rules & self._whole[level]:
            return
        axis = self._order[level]
        if level + 1 == len(self._order):
            yield from self._last(axis, rules)
            return
        for remaining, segment in self._groups(axis, rules).items():
            if (level, remaining) in self._covered:
                continue
            found = False
            for path in self.below(level + 1, remaining):
                found = True
                yield (segment, *path)
            if not found:
                self._covered.add((level, remaining))

    def _last(self, axis: int, rules: Mask) -> Iterator[tuple[int, ...]]:
        left = self._box[axis]
        self._cutter.spend(rules.bit_count())
        for rule in bits(rules):
            left &= ~self._rules.boxes[rule][axis]
        if left:
            yield (next(bits(left)),)

    def _groups(self, axis: int, rules: Mask) -> dict[Mask, int]:
        """Segments that the same rules reach need to be looked at once."""
        self._cutter.spend(self._box[axis].bit_count())
        groups: dict[Mask, int] = {}
        for segment in bits(self._box[axis]):
            groups.setdefault(self._rules.at[axis][segment] & rules, segment)
        return groups

"""Tells what the analysis of a table found, each with an example of the inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from engine.dmn.analysis.axes import Mask, bits
from engine.dmn.analysis.constants import constant
from engine.dmn.analysis.covering import Cutter, Point, TooMany
from engine.dmn.analysis.grid import lay_out
from engine.dmn.analysis.sentences import (
    contradictory,
    differing,
    gap,
    impossible,
    not_analysed,
    overlapping,
    shadowed,
)
from engine.dmn.hit_policies import LISTS, same
from engine.dmn.table_run import CompiledTable, Line
from engine.errors import Text
from engine.feel.session import IDLE
from engine.feel.syntax import Name, Node, Path
from engine.feel.writing import quoted, text_of
from engine.model import Finding, Position, Severity

MOST_PAIRS = 10
MOST_EXAMPLES = 3


def analyse(table: CompiledTable, file: str) -> list[Finding]:
    """Return what is certainly wrong with a table, and what is likely an oversight.

    Rules that match together under UNIQUE or contradict each other under ANY are errors, because the table has no
    answer then; they are warnings where the columns depend on each other, so that the example may never occur. Inputs
    no rule covers and rules that can never decide are warnings. What depends on cells that compute with other
    variables is left out.
    """
    return list(_Analysis(table, file).findings())


class _Analysis:
    def __init__(self, table: CompiledTable, file: str) -> None:
        self._table = table
        self._file = file
        self._grid = lay_out(table)
        self._cutter = Cutter(self._grid)

    def findings(self) -> Iterator[Finding]:
        if self._grid.complete:
            yield from self._overlaps()
        try:
            yield from self._useless()
            if self._grid.complete:
                yield from self._gaps()
        except TooMany:
            yield self._told(None, "dmn-not-analysed", "warning", not_analysed())

    # --- rules that match together

    def _overlaps(self) -> Iterator[Finding]:
        if self._table.policy not in ("UNIQUE", "ANY"):
            return
        severity: Severity = "error" if self._independent() else "warning"
        for first, second in islice(self._pairs(), MOST_PAIRS):
            box = zip(self._grid.sure.boxes[first], self._grid.sure.boxes[second], strict=True)
            example = self._example(tuple(next(bits(one & other)) for one, other in box))
            sentence = self._sentence(first, second)
            yield self._told(second, "dmn-overlap", severity, sentence(first + 1, second + 1, example))

    def _pairs(self) -> Iterator[tuple[int, int]]:
        sure = self._grid.sure
        for second, box in enumerate(sure.boxes):
            for first in bits(sure.meeting(box) & ((1 << second) - 1)):
                if self._table.policy == "UNIQUE" or self._agree(first, second) is False:
                    yield first, second

    def _sentence(self, first: int, second: int) -> Callable[[int, int, str], Text]:
        if self._table.policy == "ANY":
            return contradictory
        return overlapping if self._agree(first, second) else differing

    def _agree(self, first: int, second: int) -> bool | None:
        """Return whether two rules have the same outputs, None when that depends on variables."""
        verdicts = [
            _same(one.tree, other.tree)
            for one, other in zip(self._line(first).outputs, self._line(second).outputs, strict=True)
        ]
        return False if False in verdicts else None if None in verdicts else True

    # --- rules that never decide

    def _useless(self) -> Iterator[Finding]:
        for number, row in enumerate(self._grid.rows):
            if not all(row.possible):
                yield self._told(number, "dmn-unreachable", "warning", impossible(number + 1))
            elif earlier := self._preferred(number):
                covering = earlier & self._grid.decided.meeting(row.possible)
                if covering and next(self._cutter.holes(row.possible, self._grid.decided, covering), None) is None:
                    names = [other + 1 for other in bits(covering)]
                    yield self._told(number, "dmn-unreachable", "warning", shadowed(number + 1, names))

    def _preferred(self, number: int) -> Mask:
        """Return the rules whose answer is taken rather than this one's when both match."""
        if self._table.policy == "FIRST":
            return (1 << number) - 1
        own = self._rank(number) if self._table.policy == "PRIORITY" else None
        if own is None:
            return 0
        ranks = ((other, self._rank(other)) for other in range(len(self._grid.rows)))
        return sum(1 << other for other, rank in ranks if rank is not None and rank < own)

    def _rank(self, number: int) -> tuple[int, ...] | None:
        places: list[int] = []
        for output, result in zip(self._line(number).outputs, self._table.results, strict=True):
            if result.priority:
                value = constant(output.tree)
                found = (at for at, listed in enumerate(result.priority) if same(listed, value, IDLE))
                place = next(found, None)
                if place is None:
                    return None
                places.append(place)
        return tuple(places)

    # --- inputs that no rule covers

    def _gaps(self) -> Iterator[Finding]:
        table = self._table
        listing = table.policy in LISTS and table.aggregation in (None, "COUNT")
        if listing or any(result.default for result in table.results) or not table.columns:
            return
        everyone = (1 << len(self._grid.rows)) - 1
        holes = self._cutter.holes(self._grid.values, self._grid.possible, everyone)
        examples = [self._example(point) for point in islice(holes, MOST_EXAMPLES)]
        if examples:
            yield self._told(None, "dmn-gap", "warning", gap(examples))

    # --- words

    def _example(self, point: Point) -> str:
        named = zip(self._grid.axes, point, strict=True)
        shown = [f"{axis.label} = {_written(axis.sample(at))}" for axis, at in named if at is not None]
        return ", ".join(shown)

    def _independent(self) -> bool:
        """Return whether each column asks for a variable of its own, so that any combination can occur."""
        expressions = {column.expression.text.strip(): column.expression for column in self._table.columns}
        if not all(isinstance(each.tree, Name | Path) for each in expressions.values()):
            return False
        paths = [path for each in expressions.values() for path in each.paths]
        return not any(one != other and other[: len(one)] == one for one in paths for other in paths)

    def _line(self, number: int) -> Line:
        return self._table.lines[number]

    def _told(self, number: int | None, rule: str, severity: Severity, message: Text) -> Finding:
        drawn = self._table.drawn if number is None else self._table.drawn.rules[number]
        element = drawn.id or self._table.drawn.id or self._table.id
        told = Text(f"决策表“{self._table.id}”:{message.zh}", f"Table “{self._table.id}”: {message.en}")
        return Finding(self._file, element, Position(drawn.line, 1) if drawn.line else None, rule, severity, told)


def _same(one: Node, other: Node) -> bool | None:
    if one == other:
        return True
    values = constant(one), constant(other)
    return None if None in values else same(*values, IDLE)


def _written(value: object) -> str:
    return quoted(value) if isinstance(value, str) else text_of(value)

"""A decision table laid out on axes: for each rule the segments it accepts on each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.dmn.analysis.axes import Axis, Mask, bits
from engine.dmn.analysis.cells import accepted
from engine.dmn.analysis.constants import constants_in
from engine.dmn.analysis.kinds import kind_for, kind_of
from engine.dmn.table_run import Cell, Column, CompiledTable
from engine.feel import Compiled
from engine.feel.session import IDLE


@dataclass(frozen=True, slots=True)
class Row:
    """A rule's segments on each axis.

    ``sure`` it accepts, ``possible`` it may accept, ``decided`` are sure or leave the table without an answer.
    """

    sure: tuple[Mask, ...]
    possible: tuple[Mask, ...]
    decided: tuple[Mask, ...]


@dataclass(frozen=True)
class Grid:
    """The axes and rows of a table; ``complete`` tells whether all allowed values are known."""

    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    complete: bool

    @cached_property
    def sure(self) -> Rules:
        """Return which rules surely accept a segment."""
        return Rules(self, [row.sure for row in self.rows])

    @cached_property
    def possible(self) -> Rules:
        """Return which rules may accept a segment."""
        return Rules(self, [row.possible for row in self.rows])

    @cached_property
    def decided(self) -> Rules:
        """Return which rules accept a segment or leave the table without an answer there."""
        return Rules(self, [row.decided for row in self.rows])

    @cached_property
    def values(self) -> tuple[Mask, ...]:
        """Return the segments of values that can occur, null apart."""
        return tuple(axis.domain for axis in self.axes)


class Rules:
    """Boxes of rules, and for each segment of each axis the rules whose box reaches it."""

    def __init__(self, grid: Grid, boxes: Sequence[tuple[Mask, ...]]) -> None:
        self.boxes = boxes
        self.at = [_transposed(axis, [box[number] for box in boxes]) for number, axis in enumerate(grid.axes)]
        self._meeting: dict[tuple[int, Mask], Mask] = {}

    def meeting(self, box: tuple[Mask, ...]) -> Mask:
        """Return the rules whose boxes have a point in common with the box."""
        found: Mask = (1 << len(self.boxes)) - 1
        for number, segments in enumerate(box):
            found &= self._reaching(number, segments)
        return found

    def _reaching(self, axis: int, segments: Mask) -> Mask:
        key = (axis, segments)
        if key not in self._meeting:
            found: Mask = 0
            for segment in bits(segments):
                found |= self.at[axis][segment]
            self._meeting[key] = found
        return self._meeting[key]


def lay_out(table: CompiledTable) -> Grid:
    """Return the table's grid. Columns that ask for the same value share an axis."""
    places: dict[str, list[int]] = {}
    for number, column in enumerate(table.columns):
        places.setdefault(column.expression.text.strip(), []).append(number)
    cells = [{cell.column: cell for cell in line.cells} for line in table.lines]
    built = [_axis([table.columns[at] for at in places[text]], _tests(cells, places[text]), table) for text in places]
    axes = tuple(axis for axis, _ in built)
    shared = [(axis, places[text]) for axis, text in zip(axes, places, strict=True)]
    known: dict[int, _Accepted] = {}
    rows = tuple(
        _row([[row[at] for at in columns if at in row] for _, columns in shared], axes, known) for row in cells
    )
    return Grid(axes, rows, all(complete for _, complete in built))


@dataclass(frozen=True, slots=True)
class _Accepted:
    sure: Mask
    possible: Mask
    decided: Mask


def _tests(rows: Sequence[dict[int, Cell]], columns: Iterable[int]) -> list[Compiled]:
    return list({row[at].index: row[at].test for row in rows for at in columns if at in row}.values())


def _axis(columns: Sequence[Column], tests: Sequence[Compiled], table: CompiledTable) -> tuple[Axis, bool]:
    restrictions = [column.allowed for column in columns if column.allowed]
    kind = None
    references = [name for column in columns for name in (column.type, column.declared) if name not in (None, "Any")]
    for reference in references:
        name, further = table.types.root(reference)
        restrictions += further
        kind = kind or kind_of(name)
    constants = [value for part in (*tests, *restrictions) for value in constants_in(part.tree)]
    if not references:
        kind = kind_for(constants)
    axis = Axis(columns[0].label or columns[0].expression.text, kind, constants)
    allowed = [accepted(part.tree, axis) for part in restrictions]
    for mask in allowed:
        axis.restrict(axis.everything if mask is None else mask)
    return axis, None not in allowed


def _row(cells: Sequence[Sequence[Cell]], axes: Sequence[Axis], known: dict[int, _Accepted]) -> Row:
    found = [_of_axis(of_axis, axis, known) for of_axis, axis in zip(cells, axes, strict=True)]
    return Row(
        tuple(each.sure for each in found),
        tuple(each.possible for each in found),
        tuple(each.decided for each in found),
    )


def _of_axis(cells: Sequence[Cell], axis: Axis, known: dict[int, _Accepted]) -> _Accepted:
    all_of_it = axis.domain | axis.null
    total = _Accepted(all_of_it, all_of_it, all_of_it)
    for cell in cells:
        if cell.index not in known:
            known[cell.index] = _accepted(cell, axis)
        one = known[cell.index]
        total = _Accepted(total.sure & one.sure, total.possible & one.possible, total.decided & one.decided)
    return total


def _accepted(cell: Cell, axis: Axis) -> _Accepted:
    mask = accepted(cell.test.tree, axis)
    if mask is None:
        return _Accepted(0, axis.domain | axis.null, 0)
    mask &= axis.domain
    of_null = cell.test.evaluate({"?": None}, IDLE).value
    sure = mask | (axis.null if of_null is True else 0)
    return _Accepted(sure, sure, mask | (0 if of_null is False else axis.null))


def _transposed(axis: Axis, masks: Sequence[Mask]) -> list[Mask]:
    found = [0] * axis.null.bit_length()
    for rule, mask in enumerate(masks):
        for segment in bits(mask):
            found[segment] |= 1 << rule
    return found

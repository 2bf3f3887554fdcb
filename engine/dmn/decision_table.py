"""Compiles a decision table: columns, distinct cells, outputs with their order of priority."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dmn.priorities import priorities
from engine.dmn.shortcuts import shortcut
from engine.dmn.table_run import Cell, Column, CompiledTable, Line, Result
from engine.dmn.tree import Expression, Input, Output, Rule, Table
from engine.dmn.workshop import Runnable, Workshop
from engine.feel import Compiled
from engine.feel.syntax import Name

_INPUT = "?"


def compile_table(drawn: Table, names: frozenset[str], workshop: Workshop, table_id: str) -> Runnable:
    """Return the table ready to run; what is wrong in it goes to the workshop's complaints."""
    columns = tuple(_column(column, names, workshop) for column in drawn.inputs)
    orders = priorities(drawn, workshop, workshop.declared.get(table_id))
    results = tuple(
        _result(output, order, names, workshop) for output, order in zip(drawn.outputs, orders, strict=True)
    )
    cells = _Cells(names, workshop)
    lines = tuple(_line(rule, cells, names, workshop) for rule in drawn.rules)
    table = CompiledTable(table_id, drawn, columns, results, lines, len(cells.tests), workshop.types)
    parts = [
        *(column.expression for column in columns),
        *cells.tests,
        *(output for line in lines for output in line.outputs),
        *(result.default for result in results if result.default is not None),
    ]
    reads = frozenset().union(*(part.reads for part in parts)) - {_INPUT}
    paths = frozenset().union(*(part.paths for part in parts))
    return Runnable(reads, frozenset(path for path in paths if path[0] != _INPUT), table.run, (table,))


class _Cells:
    """The distinct tests of a table: a text that recurs in a column is compiled and tried once."""

    def __init__(self, names: frozenset[str], workshop: Workshop) -> None:
        self._names = names | {_INPUT}
        self._workshop = workshop
        self._known: dict[tuple[int, str], Cell] = {}
        self.tests: list[Compiled] = []

    def of(self, rule: Rule) -> tuple[Cell, ...]:
        """Return the cells of a rule that test something."""
        return tuple(self._cell(column, text) for column, text in enumerate(rule.inputs) if text.text != "-")

    def _cell(self, column: int, text: Expression) -> Cell:
        key = (column, text.text)
        if key not in self._known:
            test = self._workshop.tests(text, self._names)
            self._known[key] = Cell(len(self.tests), column, test, shortcut(test))
            self.tests.append(test)
        return self._known[key]


def _column(drawn: Input, names: frozenset[str], workshop: Workshop) -> Column:
    expression = drawn.expression
    compiled = workshop.expression(expression, names)
    return Column(
        label=drawn.label,
        expression=compiled,
        type=workshop.type(expression.type, expression.id, expression.line),
        allowed=workshop.tests(drawn.allowed, names) if drawn.allowed else None,
        declared=workshop.declared.get(compiled.tree.name) if isinstance(compiled.tree, Name) else None,
    )


def _result(drawn: Output, order: Sequence[object], names: frozenset[str], workshop: Workshop) -> Result:
    return Result(
        label=drawn.label,
        name=drawn.name,
        type=workshop.type(drawn.type, drawn.id, drawn.line),
        allowed=workshop.tests(drawn.allowed, names) if drawn.allowed else None,
        priority=order,
        default=workshop.expression(drawn.default, names) if drawn.default else None,
    )


def _line(rule: Rule, cells: _Cells, names: frozenset[str], workshop: Workshop) -> Line:
    outputs = tuple(workshop.expression(output, names) for output in rule.outputs)
    return Line(rule.number, cells.of(rule), outputs, rule.annotations)

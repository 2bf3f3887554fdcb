"""Runs a decision table: which rules match, and what the hit policy makes of them.

A cell whose input or test has a problem is unknown, not a "no": a rule with an unknown cell and no
failing one leaves the table without an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from engine.dmn.hit_policies import LISTS, Row, aggregate, arrange, conflict, same
from engine.dmn.scope import Scope
from engine.dmn.shortcuts import Accepts
from engine.dmn.tree import Aggregation, HitPolicy, Table
from engine.dmn.types import Types, allows
from engine.dmn.workshop import conform
from engine.errors import Text
from engine.feel import Compiled, Environment
from engine.feel.session import Frame
from engine.model import Evaluation, Hit, Problem


class Verdict(Enum):
    """What a cell or a rule says about the inputs."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


# Read once here: a table of 400 rules asks for them a thousand times.
NO, YES, UNKNOWN = Verdict


@dataclass(frozen=True, slots=True)
class Column:
    """An input column; ``declared`` is the type of the variable that it asks for, if it is one."""

    label: str
    expression: Compiled
    type: str | None
    allowed: Compiled | None
    declared: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A distinct test of a column."""

    index: int
    column: int
    test: Compiled
    quick: tuple[type, Accepts] | None


@dataclass(frozen=True, slots=True)
class Result:
    """An output column; ``priority`` lists its values, highest first."""

    label: str
    name: str
    type: str | None
    allowed: Compiled | None
    priority: Sequence[object]
    default: Compiled | None


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with only those cells that test something."""

    number: int
    cells: tuple[Cell, ...]
    outputs: tuple[Compiled, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table ready to run."""

    id: str
    drawn: Table
    columns: tuple[Column, ...]
    results: tuple[Result, ...]
    lines: tuple[Line, ...]
    cells: int
    types: Types

    @property
    def policy(self) -> HitPolicy:
        """Return the hit policy."""
        return self.drawn.hit_policy

    @property
    def aggregation(self) -> Aggregation | None:
        """Return how collected values are aggregated, if they are."""
        return self.drawn.aggregation

    def run(self, scope: Scope, environment: Environment) -> Evaluation:
        """Return the table's answer; rules that matched are noted in the scope's tally."""
        trial = _Trial(self, scope, environment)
        answer = trial.answer()
        scope.tally.steps -= trial.spent()
        return answer


class _Trial:
    """One run of a table. Inputs and cells are tried when first needed, and once."""

    def __init__(self, table: CompiledTable, scope: Scope, environment: Environment) -> None:
        self._table = table
        self._scope = scope
        self._environment = environment
        self._session = scope.session(environment)
        self._granted = self._session.steps
        self._frames: dict[int, Frame] = {}
        self._inputs: dict[int, Evaluation] = {}
        self._verdicts: list[Verdict | None] = [None] * table.cells
        self._causes: dict[int, Sequence[Problem]] = {}
        self._problems: list[Problem] = []

    def answer(self) -> Evaluation:
        """Return the value that the hit policy gives, or null and the problems."""
        matched = self._matched()
        if self._problems:
            return Evaluation(None, self._problems)
        if not matched:
            return self._without_match()
        rows = [Row(line.number, self._outputs(line)) for line in matched]
        if self._problems:
            return Evaluation(None, self._problems)
        return self._decided(matched, rows)

    def spent(self) -> int:
        """Return the steps that the cells took."""
        return self._granted - self._session.steps

    def _matched(self) -> list[Line]:
        matched: list[Line] = []
        for line in self._table.lines:
            verdict = self._verdict(line)
            if verdict is YES:
                matched.append(line)
            if verdict is UNKNOWN:
                self._keep_causes(line)
            if verdict is not NO and self._table.policy == "FIRST":
                break
        return matched

    def _verdict(self, line: Line) -> Verdict:
        verdicts = self._verdicts
        found = YES
        for cell in line.cells:
            verdict = verdicts[cell.index] or self._try(cell)
            if verdict is NO:
                return verdict
            if verdict is UNKNOWN:
                found = verdict
        return found

    def _try(self, cell: Cell) -> Verdict:
        verdict = self._verdicts[cell.index] = self._tested(cell)
        return verdict

    def _tested(self, cell: Cell) -> Verdict:
        column = self._input(cell.column)
        if column.problems:
            self._causes[cell.index] = column.problems
            return UNKNOWN
        if cell.quick is not None and type(column.value) is cell.quick[0]:
            return YES if cell.quick[1](column.value) else NO
        missing = [name for name in cell.test.reads if self._scope.is_faulty(name)]
        if missing:
            self._causes[cell.index] = [_missing(self._table.columns[cell.column].label, missing[0])]
            return UNKNOWN
        passed = cell.test.run(self._frames[cell.column])
        causes = self._taken_problems()
        if passed is True or not causes:
            return YES if passed is True else NO
        self._causes[cell.index] = causes
        return UNKNOWN

    def _taken_problems(self) -> list[Problem]:
        """A session keeps a limited number of problems, so they are taken out after each cell."""
        problems = self._session.problems[:]
        self._session.problems.clear()
        return problems

    def _keep_causes(self, line: Line) -> None:
        for cell in line.cells:
            causes = self._causes.get(cell.index, ())
            self._problems.extend(problem for problem in causes if problem not in self._problems)

    def _input(self, index: int) -> Evaluation:
        found = self._inputs.get(index)
        if found is None:
            found = self._inputs[index] = self._evaluated(self._table.columns[index])
            self._frames[index] = self._session.about(found.value)
        return found

    def _evaluated(self, column: Column) -> Evaluation:
        found = self._scope.evaluate(column.expression, self._environment)
        if found.problems:
            return found
        missing = [name for name in column.expression.reads if self._scope.is_faulty(name)]
        if missing:
            return Evaluation(None, [_missing(column.label, missing[0])])
        value, problem = conform(self._table.types, column.type, found.value, column.label, self._environment)
        if problem is None and column.allowed is not None and not allows(column.allowed, value, self._environment):
            problem = _not_allowed(column.label, column.allowed.text)
        return Evaluation(value, () if problem is None else [problem])

    def _outputs(self, line: Line) -> tuple[object, ...]:
        return tuple(
            self._output(expression, result)
            for expression, result in zip(line.outputs, self._table.results, strict=True)
        )

    def _output(self, expression: Compiled, result: Result) -> object:
        found = self._scope.evaluate(expression, self._environment)
        self._problems.extend(found.problems)
        value, problem = conform(self._table.types, result.type, found.value, result.label, self._environment)
        if problem is None and result.allowed is not None and not allows(result.allowed, value, self._environment):
            problem = _not_allowed(result.label, result.allowed.text)
        if problem is not None:
            self._problems.append(problem)
        return value

    def _without_match(self) -> Evaluation:
        table = self._table
        if any(result.default is not None for result in table.results):
            values = tuple(self._output(result.default, result) if result.default else None for result in table.results)
            if self._problems:
                return Evaluation(None, self._problems)
            value = self._shaped(values)
            return Evaluation([value] if table.policy in LISTS and table.aggregation is None else value)
        if table.policy in LISTS and table.aggregation in (None, "COUNT"):
            return aggregate("COUNT", (), self._environment) if table.aggregation else Evaluation([])
        return Evaluation(None, [_no_rule(table.id)])

    def _decided(self, matched: Sequence[Line], rows: Sequence[Row]) -> Evaluation:
        table = self._table
        arranged = arrange(table.policy, rows, self._rank)
        self._note([row.rule for row in arranged], matched)
        against = conflict(table.policy, rows, self._environment)
        if against is not None:
            return Evaluation(None, [Problem(0, table.id, against)])
        values = [self._shaped(row.values) for row in arranged]
        if table.aggregation is not None:
            return aggregate(table.aggregation, values, self._environment)
        return Evaluation(values if table.policy in LISTS else values[0])

    def _shaped(self, values: tuple[object, ...]) -> object:
        if len(values) == 1:
            return values[0]
        return {result.name: value for result, value in zip(self._table.results, values, strict=True)}

    def _rank(self, row: Row) -> tuple[int, ...]:
        return tuple(
            self._place(value, result.priority)
            for value, result in zip(row.values, self._table.results, strict=True)
            if result.priority
        )

    def _place(self, value: object, priority: Sequence[object]) -> int:
        places = (place for place, listed in enumerate(priority) if same(listed, value, self._environment))
        return next(places, len(priority))

    def _note(self, order: Sequence[int], matched: Sequence[Line]) -> None:
        lines = {line.number: line for line in matched}
        self._scope.tally.hits.extend(Hit(self._table.id, number, lines[number].annotations) for number in order)


def _missing(label: str, name: str) -> Problem:
    return Problem(
        0,
        label,
        Text(
            f"输入“{label}”所依据的“{name}”未能算出,请先解决它的问题。",
            f"Expected a value of “{name}” for input “{label}”, but it could not be computed, so solve that first.",
        ),
    )


def _not_allowed(label: str, allowed: str) -> Problem:
    return Problem(
        0,
        label,
        Text(
            f"“{label}”的值应为 {allowed} 之一,但不是,请改正数据或允许值。",
            f"Expected one of {allowed} as “{label}”, but it is another value, so correct one of them.",
        ),
    )


def _no_rule(table: str) -> Problem:
    return Problem(
        0,
        table,
        Text(
            f"决策表“{table}”应有一条规则适用,但没有,也没有默认输出,请补充规则或默认输出。",
            f"Expected a rule of table “{table}” to match, but none does and there is no default output, so add one.",
        ),
    )

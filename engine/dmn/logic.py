"""Compiles boxed expressions to closures."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dmn.decision_table import compile_table
from engine.dmn.functions import Signatures, compile_function, compile_invocation
from engine.dmn.loops import compile_conditional, compile_filter, compile_iteration
from engine.dmn.scope import Scope
from engine.dmn.tree import (
    BoxedContext,
    BoxedList,
    Conditional,
    Entry,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Logic,
    Relation,
    Table,
    Undecided,
    Variable,
)
from engine.dmn.workshop import Run, Runnable, Workshop, together
from engine.errors import Text
from engine.feel import Compiled, Environment
from engine.model import Evaluation, Problem


class LogicCompiler:
    """Compiles the logic of one decision or knowledge model."""

    def __init__(self, workshop: Workshop, owner: str, signatures: Signatures) -> None:
        self.workshop = workshop
        self.owner = owner
        self.signatures = signatures

    def compile(self, drawn: Logic, names: frozenset[str], *, table_id: str | None = None) -> Runnable:
        """Return the logic ready to run; what is wrong in it goes to the workshop's complaints."""
        wanted = self.workshop.type(drawn.type, drawn.id or self.owner, drawn.line)
        made = self._compile(drawn, names, table_id)
        if isinstance(drawn, FunctionDefinition) and self.workshop.types.function(wanted) is None:
            return made
        place = drawn.text if isinstance(drawn, Expression) else self.owner
        return made.running(self.workshop.typed(made.run, wanted, place))

    def _compile(self, drawn: Logic, names: frozenset[str], table_id: str | None) -> Runnable:
        match drawn:
            case Expression():
                return _expression(self.workshop.expression(drawn, names))
            case Table():
                return compile_table(drawn, names, self.workshop, table_id or drawn.id or self.owner)
            case BoxedContext():
                return self._context(drawn, names)
            case BoxedList():
                return _list([self.compile(item, names) for item in drawn.items])
            case Relation():
                return self._relation(drawn, names)
            case Invocation():
                return compile_invocation(drawn, names, self)
            case FunctionDefinition():
                return compile_function(drawn, names, self)
            case Conditional():
                return compile_conditional(drawn, names, self)
            case Iteration():
                return compile_iteration(drawn, names, self)
            case Filter():
                return compile_filter(drawn, names, self)
            case Undecided():
                return Runnable(frozenset(), frozenset(), _undecided(self.owner))

    def _context(self, drawn: BoxedContext, names: frozenset[str]) -> Runnable:
        steps: list[tuple[str | None, Runnable]] = []
        free: list[Runnable] = []
        known: frozenset[str] = frozenset()
        for entry in drawn.entries:
            step = self._entry(entry, names | known)
            steps.append((entry.name, step))
            free.append(step.binding(known))
            known |= {entry.name} if entry.name else frozenset()
        return together(free, _run_context(steps))

    def _entry(self, entry: Entry, names: frozenset[str]) -> Runnable:
        step = self.compile(entry.value, names)
        wanted = self.workshop.type(entry.type, self.owner, 0)
        return step.running(self.workshop.typed(step.run, wanted, entry.name or self.owner))

    def _relation(self, drawn: Relation, names: frozenset[str]) -> Runnable:
        rows = [BoxedContext(drawn.id, drawn.line, _row(drawn.columns, row)) for row in drawn.rows]
        return _list([self._row(row, names) for row in rows])

    def _row(self, row: BoxedContext, names: frozenset[str]) -> Runnable:
        """Cells do not see each other, as the entries of a context would."""
        steps = [(entry.name, self._entry(entry, names)) for entry in row.entries]
        return together([step for _, step in steps], _run_row(steps))


def _row(columns: Sequence[Variable], cells: Sequence[Logic]) -> tuple[Entry, ...]:
    return tuple(Entry(column.name, column.type, cell) for column, cell in zip(columns, cells, strict=False))


def _expression(compiled: Compiled) -> Runnable:
    return Runnable(compiled.reads, compiled.paths, lambda scope, environment: scope.evaluate(compiled, environment))


def _run_context(steps: Sequence[tuple[str | None, Runnable]]) -> Run:
    def run(scope: Scope, environment: Environment) -> Evaluation:
        values: dict[str, object] = {}
        faulty: frozenset[str] = frozenset()
        problems: list[Problem] = []
        for name, step in steps:
            found = step.run(scope.within(values, faulty), environment)
            problems.extend(found.problems)
            if name is None:
                return Evaluation(found.value, problems)
            values[name] = found.value
            faulty |= {name} if found.value is None and found.problems else frozenset()
        return Evaluation(values, problems)

    return run


def _run_row(steps: Sequence[tuple[str | None, Runnable]]) -> Run:
    def run(scope: Scope, environment: Environment) -> Evaluation:
        found = {name or "": step.run(scope, environment) for name, step in steps}
        problems = [problem for each in found.values() for problem in each.problems]
        return Evaluation({name: each.value for name, each in found.items()}, problems)

    return run


def _list(items: Sequence[Runnable]) -> Runnable:
    def run(scope: Scope, environment: Environment) -> Evaluation:
        found = [item.run(scope, environment) for item in items]
        return Evaluation([each.value for each in found], [problem for each in found for problem in each.problems])

    return together(items, run)


def _undecided(owner: str) -> Run:
    told = Text(
        f"决策“{owner}”没有逻辑,其值应作为输入给出,但没有,请给出。",
        f"Expected the value of decision “{owner}” as an input, since it has no logic, but none is given, so give it.",
    )
    return lambda _scope, _environment: Evaluation(None, [Problem(0, owner, told)])

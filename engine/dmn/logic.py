"""Compiles boxed expressions to closures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.dmn.decision_table import compile_table
from engine.dmn.scope import Scope
from engine.dmn.tree import BoxedContext, BoxedList, Entry, Expression, Invocation, Logic, Relation, Table
from engine.dmn.workshop import Run, Runnable, Workshop
from engine.errors import Text
from engine.feel import Compiled, Environment
from engine.model import Evaluation, Problem

# The parameters of each knowledge model that can be invoked, by the name under which it is in scope.
Signatures = Mapping[str, Sequence[str]]


class LogicCompiler:
    """Compiles the logic of one decision or knowledge model."""

    def __init__(self, workshop: Workshop, owner: str, signatures: Signatures) -> None:
        self._workshop = workshop
        self._owner = owner
        self._signatures = signatures

    def compile(self, drawn: Logic, names: frozenset[str], *, table_id: str | None = None) -> Runnable:
        """Return the logic ready to run; what is wrong in it goes to the workshop's complaints."""
        match drawn:
            case Expression():
                return self._expression(drawn, names)
            case Table():
                return compile_table(drawn, names, self._workshop, table_id or drawn.id or self._owner)
            case BoxedContext():
                return self._context(drawn, names)
            case BoxedList():
                return _list([self.compile(item, names) for item in drawn.items])
            case Relation():
                return self._relation(drawn, names)
            case Invocation():
                return self._invocation(drawn, names)

    def _expression(self, drawn: Expression, names: frozenset[str]) -> Runnable:
        compiled = self._workshop.expression(drawn, names)
        wanted = self._workshop.type(drawn.type, drawn.id, drawn.line)
        return Runnable(compiled.reads, compiled.paths, self._workshop.typed(_run(compiled), wanted, drawn.text))

    def _context(self, drawn: BoxedContext, names: frozenset[str]) -> Runnable:
        steps: list[tuple[str | None, Runnable]] = []
        known: frozenset[str] = frozenset()
        reads: frozenset[str] = frozenset()
        paths: frozenset[tuple[str, ...]] = frozenset()
        for entry in drawn.entries:
            step = self._entry(entry, names | known)
            reads |= step.reads - known
            paths |= {path for path in step.paths if path[0] not in known}
            steps.append((entry.name, step))
            known |= {entry.name} if entry.name else frozenset()
        return Runnable(reads, paths, _run_context(steps))

    def _entry(self, entry: Entry, names: frozenset[str]) -> Runnable:
        step = self.compile(entry.value, names)
        wanted = self._workshop.type(entry.type, self._owner, 0)
        return Runnable(step.reads, step.paths, self._workshop.typed(step.run, wanted, entry.name or self._owner))

    def _relation(self, drawn: Relation, names: frozenset[str]) -> Runnable:
        rows = [BoxedContext(drawn.id, drawn.line, _row(drawn.columns, row)) for row in drawn.rows]
        return _list([self.compile(row, names) for row in rows])

    def _invocation(self, drawn: Invocation, names: frozenset[str]) -> Runnable:
        bound = {entry.name or "": self.compile(entry.value, names) for entry in drawn.bindings}
        order = self._signatures.get(drawn.called, tuple(bound))
        if set(order) != set(bound):
            self._refuse_bindings(drawn, order)
        arguments = [f"argument_{index}" for index in range(len(order))]
        text = f"{drawn.called}({', '.join(arguments)})"
        call = self._workshop.expression(Expression(drawn.id, drawn.line, text), names | set(arguments))
        values = {argument: bound[name] for argument, name in zip(arguments, order, strict=True) if name in bound}
        everything = [*bound.values(), Runnable(call.reads - set(arguments), call.paths, _run(call))]
        return Runnable(_reads(everything), _paths(everything), _run_call(call, arguments, values))

    def _refuse_bindings(self, drawn: Invocation, order: Sequence[str]) -> None:
        zh = f"调用“{drawn.called}”应给出参数 {'、'.join(order)},但给出的不同,请改正。"
        en = f"Expected the parameters {', '.join(order)} for “{drawn.called}”, but others are bound, so correct them."
        self._workshop.complaints.add(drawn.id or self._owner, drawn.line, "dmn-invocation", Text(zh, en))


def _row(columns: Sequence[str], cells: Sequence[Logic]) -> tuple[Entry, ...]:
    return tuple(Entry(name, None, cell) for name, cell in zip(columns, cells, strict=False))


def _run(compiled: Compiled) -> Run:
    return lambda scope, environment: scope.evaluate(compiled, environment)


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


def _list(items: Sequence[Runnable]) -> Runnable:
    def run(scope: Scope, environment: Environment) -> Evaluation:
        found = [item.run(scope, environment) for item in items]
        return Evaluation([each.value for each in found], [problem for each in found for problem in each.problems])

    return Runnable(_reads(items), _paths(items), run)


def _run_call(call: Compiled, arguments: Sequence[str], values: Mapping[str, Runnable]) -> Run:
    def run(scope: Scope, environment: Environment) -> Evaluation:
        found = {name: part.run(scope, environment) for name, part in values.items()}
        bound = {name: found[name].value if name in found else None for name in arguments}
        answer = scope.within(bound).evaluate(call, environment)
        problems = [problem for each in (*found.values(), answer) for problem in each.problems]
        return Evaluation(answer.value, problems)

    return run


def _reads(parts: Sequence[Runnable]) -> frozenset[str]:
    return frozenset().union(*(part.reads for part in parts))


def _paths(parts: Sequence[Runnable]) -> frozenset[tuple[str, ...]]:
    return frozenset().union(*(part.paths for part in parts))

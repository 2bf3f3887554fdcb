"""What compiling any part of a decision file needs: the FEEL compiler, the types, the list of complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.dmn.errors import Complaints
from engine.dmn.scope import Scope
from engine.dmn.tree import Expression
from engine.dmn.types import Mismatch, Types, unknown_type
from engine.errors import Text
from engine.feel import Compiled, Environment, FeelSyntaxError, compile_expression, compile_unary_tests
from engine.model import Evaluation, Problem

if TYPE_CHECKING:
    from engine.dmn.table_run import CompiledTable

_TOO_DEEP = Text(
    "值的层次应能逐层核对,但嵌套过深,结果为空;请减少层次。",
    "Expected a value whose levels can be checked one by one, but it is nested too deeply; it is null, use fewer levels.",
)

Run = Callable[[Scope, Environment], Evaluation]


@dataclass(frozen=True, slots=True)
class Runnable:
    """Logic ready to run, with the names and dotted paths it takes from its scope and the tables in it."""

    reads: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    run: Run
    tables: tuple[CompiledTable, ...] = ()

    def running(self, run: Run) -> Runnable:
        """Return the same logic run in another way."""
        return Runnable(self.reads, self.paths, run, self.tables)

    def binding(self, names: Iterable[str]) -> Runnable:
        """Return the logic where the names are bound and no longer taken from the scope."""
        bound = frozenset(names)
        paths = frozenset(path for path in self.paths if path[0] not in bound)
        return Runnable(self.reads - bound, paths, self.run, self.tables)


def together(parts: Iterable[Runnable], run: Run) -> Runnable:
    """Return logic made of parts: it takes from the scope what any of them takes."""
    found = tuple(parts)
    reads = frozenset().union(*(part.reads for part in found))
    paths = frozenset().union(*(part.paths for part in found))
    return Runnable(reads, paths, run, tuple(table for part in found for table in part.tables))


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools for one file; ``declared`` are the types of its input data and decisions by name."""

    complaints: Complaints
    types: Types
    members: frozenset[str]
    declared: Mapping[str, str] = field(default_factory=dict)

    def expression(self, drawn: Expression, names: frozenset[str]) -> Compiled:
        """Return the compiled expression, ``null`` where the text is wrong and was recorded."""
        try:
            return self._sound(drawn, compile_expression(drawn.text, names, self.members), names)
        except FeelSyntaxError as error:
            self._refuse(drawn, error.problem.message)
            return compile_expression("null", ())

    def tests(self, drawn: Expression, names: frozenset[str]) -> Compiled:
        """Return the compiled unary tests, ``-`` where the text is wrong and was recorded."""
        try:
            return self._sound(drawn, compile_unary_tests(drawn.text, names, self.members), names)
        except FeelSyntaxError as error:
            self._refuse(drawn, error.problem.message)
            return compile_unary_tests("-", ())

    def type(self, name: str | None, element: str | None, line: int) -> str | None:
        """Return the type reference, None where it leads nowhere and was recorded."""
        if self.types.known(name):
            return name
        self.complaints.add(element, line, "dmn-type", unknown_type(name or ""))
        return None

    def typed(self, run: Run, name: str | None, place: str) -> Run:
        """Return the logic with its result checked against the type; ``place`` names it in the problem."""
        if name is None:
            return run
        types = self.types

        def checked(scope: Scope, environment: Environment) -> Evaluation:
            found = run(scope, environment)
            value, problem = conform(types, name, found.value, place, environment)
            return found if problem is None and value is found.value else _replaced(found, value, problem)

        return checked

    def _sound(self, drawn: Expression, compiled: Compiled, names: frozenset[str]) -> Compiled:
        for problem in compiled.findings:
            self._refuse(drawn, problem.message)
        for name in sorted(compiled.calls - names):
            zh = f"“{name}”应是 FEEL 函数或本文件的业务知识,但不是,请改正。"
            en = f"Expected “{name}” to be a FEEL function or a knowledge model of this file, so correct the name."
            self._refuse(drawn, Text(zh, en))
        return compiled

    def _refuse(self, drawn: Expression, message: Text) -> None:
        told = Text(f"“{drawn.text[:80]}”:{message.zh}", f"“{drawn.text[:80]}”: {message.en}")
        self.complaints.add(drawn.id, drawn.line, "dmn-expression", told)


def conform(
    types: Types, name: str | None, value: object, place: str, environment: Environment
) -> tuple[object, Problem | None]:
    """Return the value as the type wants it, or null and the problem."""
    try:
        return types.conform(name, value, environment), None
    except Mismatch as mismatch:
        return None, Problem(0, place, mismatch.about(place))
    except RecursionError:
        # Types may refer to themselves, and so go as deep as the value does.
        return None, Problem(0, place, _TOO_DEEP)


def _replaced(found: Evaluation, value: object, problem: Problem | None) -> Evaluation:
    problems = found.problems if problem is None else (*found.problems, problem)
    return Evaluation(value, problems, found.hits)

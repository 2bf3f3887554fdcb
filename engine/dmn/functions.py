"""Functions as values, and invocations with their parameters bound by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.dmn.scope import Scope
from engine.dmn.tree import Expression, FunctionDefinition, Invocation, Logic, Variable
from engine.dmn.types import Types
from engine.dmn.workshop import Runnable, Workshop, conform, together
from engine.errors import Text
from engine.feel import Compiled, Environment, Session, compile_expression
from engine.feel.builtins.table import BUILTINS
from engine.feel.syntax import Name
from engine.feel.values import Function
from engine.model import Evaluation, Problem

# The parameters of each knowledge model and service that can be invoked, by the name under which it is in scope.
Signatures = Mapping[str, Sequence[str]]
_CALLEE = "callee"


class Compiler(Protocol):
    """What compiles the parts of a boxed expression."""

    workshop: Workshop
    owner: str
    signatures: Signatures

    def compile(self, drawn: Logic, names: frozenset[str], *, table_id: str | None = None) -> Runnable:
        """Return the logic ready to run."""


def compile_function(drawn: FunctionDefinition, names: frozenset[str], compiler: Compiler) -> Runnable:
    """Return logic whose value is the function; its body sees the names around the definition (DMN 10.2.1.7)."""
    shop = compiler.workshop
    for parameter in drawn.parameters:
        shop.type(parameter.type, drawn.id or compiler.owner, drawn.line)
    parameters = tuple(parameter.name for parameter in drawn.parameters)
    body = compiler.compile(drawn.body, names | set(parameters))
    if shop.types.function(drawn.type) is None:
        body = body.running(shop.typed(body.run, drawn.type if shop.types.known(drawn.type) else None, compiler.owner))

    def run(scope: Scope, _: Environment) -> Evaluation:
        def called(session: Session, arguments: list[Any]) -> Any:
            with scope.tally.calling(compiler.owner):
                return _called(session, dict(zip(parameters, arguments, strict=False)))

        def _called(session: Session, arguments: dict[str, Any]) -> Any:
            values, problems = conforming(shop.types, drawn.parameters, arguments, session.environment)
            found = body.run(scope.within({**arguments, **values}), session.environment)
            session.problems.extend([*problems, *found.problems])
            return found.value

        return Evaluation(Function(parameters, called))

    return body.binding(parameters).running(run)


def conforming(
    types: Types, declared: Sequence[Variable], given: Mapping[str, Any], environment: Environment
) -> tuple[dict[str, object], list[Problem]]:
    """Return the given values that have a declared type, null where they do not conform, and the problems."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for variable in declared:
        if variable.type is None or variable.name not in given or not types.known(variable.type):
            continue
        value, problem = conform(types, variable.type, given[variable.name], variable.name, environment)
        values[variable.name] = value
        problems.extend([problem] if problem else [])
    return values, problems


def compile_invocation(drawn: Invocation, names: frozenset[str], compiler: Compiler) -> Runnable:
    """Return logic that calls the function with its parameters bound by name, in whatever order they are drawn."""
    bound = {entry.name or "": compiler.compile(entry.value, names) for entry in drawn.bindings}
    _check_bindings(drawn, bound, compiler)
    if drawn.called in BUILTINS and drawn.called not in names:
        return _calling_builtin(drawn, bound, compiler)
    called = compiler.workshop.expression(Expression(drawn.id, drawn.line, drawn.called), names)
    if isinstance(called.tree, Name) and called.tree.name not in names:
        _refuse_callee(drawn, compiler)
    function = Runnable(called.reads, called.paths, lambda scope, environment: scope.evaluate(called, environment))
    return together([function, *bound.values()], _Call(drawn, function, bound).run)


def _check_bindings(drawn: Invocation, bound: Mapping[str, Runnable], compiler: Compiler) -> None:
    order = compiler.signatures.get(drawn.called, tuple(bound))
    if set(order) == set(bound) and "" not in bound:
        return
    zh = f"调用“{drawn.called}”应给出参数 {'、'.join(order)},但给出的不同,请改正。"
    en = f"Expected the parameters {', '.join(order)} for “{drawn.called}”, but others are bound, so correct them."
    _refuse(drawn, Text(zh, en), compiler)


def _refuse_callee(drawn: Invocation, compiler: Compiler) -> None:
    zh = f"“{drawn.called}”应是 FEEL 函数,或连线依据的业务知识或决策服务,但不是,请改正名称或补上连线。"
    en = (
        f"Expected “{drawn.called}” to be a FEEL function, or a knowledge model or service that is required, "
        "so correct the name or draw the arrow."
    )
    _refuse(drawn, Text(zh, en), compiler)


def _refuse(drawn: Invocation, message: Text, compiler: Compiler) -> None:
    compiler.workshop.complaints.add(drawn.id or compiler.owner, drawn.line, "dmn-invocation", message)


def _calling_builtin(drawn: Invocation, bound: Mapping[str, Runnable], compiler: Compiler) -> Runnable:
    arguments = {f"argument_{at}": value for at, value in enumerate(bound.values())}
    given = ", ".join(f"{name}: {argument}" for name, argument in zip(bound, arguments, strict=True))
    text = Expression(drawn.id, drawn.line, f"{drawn.called}({given})")
    call = compiler.workshop.expression(text, frozenset(arguments))

    def run(scope: Scope, environment: Environment) -> Evaluation:
        return _answer(
            call, {name: value.run(scope, environment) for name, value in arguments.items()}, scope, environment
        )

    return together(bound.values(), run)


class _Call:
    """An invocation of a function that is a value."""

    def __init__(self, drawn: Invocation, function: Runnable, bound: Mapping[str, Runnable]) -> None:
        self._drawn = drawn
        self._function = function
        self._bound = bound
        self._arguments = [f"argument_{at}" for at in range(len(bound))]
        text = f"{_CALLEE}({', '.join(self._arguments)})"
        self._call = compile_expression(text, (_CALLEE, *self._arguments))

    def run(self, scope: Scope, environment: Environment) -> Evaluation:
        """Return what the function gives for the values bound to its parameters."""
        function = self._function.run(scope, environment)
        order = self._order(function.value)
        if order is None:
            return Evaluation(None, [*function.problems, self._misfit(function.value)])
        given = zip(self._arguments, order, strict=True)
        found = {argument: self._bound[name].run(scope, environment) for argument, name in given}
        return _answer(self._call, {_CALLEE: function, **found}, scope, environment)

    def _order(self, function: object) -> Sequence[str] | None:
        if not isinstance(function, Function) or function.parameters == ("*",):
            return tuple(self._bound)
        return function.parameters if set(function.parameters) == set(self._bound) else None

    def _misfit(self, function: object) -> Problem:
        wanted = ", ".join(function.parameters) if isinstance(function, Function) else ""
        zh = f"调用“{self._drawn.called}”应给出参数 {wanted},但给出的不同,结果为空。"
        en = f"Expected the parameters {wanted} for “{self._drawn.called}”, but others are bound; it is null."
        return Problem(0, self._drawn.called, Text(zh, en))


def _answer(call: Compiled, found: Mapping[str, Evaluation], scope: Scope, environment: Environment) -> Evaluation:
    answer = scope.within({name: each.value for name, each in found.items()}).evaluate(call, environment)
    problems = [problem for each in (*found.values(), answer) for problem in each.problems]
    return Evaluation(answer.value, problems)

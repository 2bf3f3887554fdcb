"""Closures for invocations and user-defined functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.errors import Text
from engine.feel.functions import LEFT_OUT, Builtin, Parameter
from engine.feel.inference import function_type
from engine.feel.scope import Code, Scope
from engine.feel.session import Failure, Frame, Halt, Place, Session
from engine.feel.syntax import Call, Lambda, Name, Type, size_of
from engine.feel.types import is_instance
from engine.feel.values import Function, kind_of


def call(node: Call, scope: Scope) -> Code:
    """Return the closure of an invocation: of a built-in, chosen now, or of a function that is a value."""
    codes = [scope.code(argument) for argument in node.arguments]
    function = node.function
    if isinstance(function, Name) and function.name not in scope.bound:
        overloads = scope.builtins.get(function.name)
        if overloads:
            return _call_builtin(overloads, node, codes, scope)
        scope.facts.calls.add(function.name)
    return _call_value(node, codes, scope)


def _call_builtin(overloads: tuple[Builtin, ...], node: Call, codes: list[Code], scope: Scope) -> Code:
    place = scope.place(node)
    fitting = [
        (builtin, order) for builtin in overloads if (order := builtin.arrange(len(codes), node.names)) is not None
    ]
    # Names alone may fit two forms, as before(point, range) and before(range, point) do; the order written decides.
    fitting.sort(key=lambda fit: fit[1] != sorted(fit[1]))
    chosen = [
        (builtin, [codes[at] if at >= 0 else _left_out for at in order])
        for builtin, order in fitting
        if order == fitting[0][1]
    ]
    if len(chosen) == 1:
        return _invocation(*chosen[0], place)
    if chosen:
        return _invocation(_by_kind([builtin for builtin, _ in chosen]), chosen[0][1], place)
    message = _misfit(overloads)
    scope.find(node, message)
    return lambda frame: frame.session.problem(place, message)


def _by_kind(builtins: list[Builtin]) -> Builtin:
    """Return the overloads as one that looks at the values' kinds; the first is tried when none suits."""

    def run(session: Session, *values: Any) -> Any:
        suiting = (builtin for builtin in builtins if builtin.suits(values))
        return next(suiting, builtins[0]).invoke(session, values)

    anything = tuple(Parameter(parameter.name, (), ()) for parameter in builtins[0].parameters)
    return replace(builtins[0], parameters=anything, run=run, with_session=True)


def _left_out(_: Frame) -> Any:
    return LEFT_OUT


def _misfit(overloads: tuple[Builtin, ...]) -> Text:
    forms = " / ".join(builtin.signature for builtin in overloads)
    return Text(
        f"调用应为 {forms}，但参数不符，结果为空。", f"Expected {forms}, but the arguments do not fit; it is null."
    )


def _invocation(builtin: Builtin, codes: list[Code], place: Place) -> Code:
    invoke = builtin.invoke

    def run(frame: Frame) -> Any:
        session = frame.session
        session.spend(1)
        try:
            return invoke(session, [code(frame) for code in codes])
        except Halt:
            raise
        except Failure as failure:
            return session.problem(place, failure.message)
        except (ArithmeticError, ValueError):
            return session.problem(place, _out_of_range(builtin.name))

    return run


def _out_of_range(name: str) -> Text:
    return Text(
        f"“{name}”的参数或结果超出范围，结果为空。",
        f"Expected arguments within the range of “{name}”, but they are not, so the result is null.",
    )


def _call_value(node: Call, codes: list[Code], scope: Scope) -> Code:
    function, place, names = scope.code(node.function), scope.place(node), node.names

    def run(frame: Frame) -> Any:
        session = frame.session
        value = function(frame)
        if type(value) is not Function:
            kind = kind_of(value)
            message = Text(
                f"应是函数，但它是{kind.zh}，结果为空。", f"Expected a function, but found {kind.en}; it is null."
            )
            return session.problem(place, message)
        try:
            return apply(value, session, _arranged(value, [code(frame) for code in codes], names))
        except Halt:
            raise
        except Failure as failure:
            return session.problem(place, failure.message)

    return run


def _arranged(function: Function, values: list[Any], names: Sequence[str] | None) -> list[Any]:
    if names is None:
        return values
    given = dict(zip(names, values, strict=True))
    if set(given) != set(function.parameters):
        raise Failure(_wrong_arguments(function))
    return [given[name] for name in function.parameters]


def apply(function: Function, session: Session, values: list[Any]) -> Any:
    """Return what the function gives for positional values. Raises Failure when their number is wrong."""
    if len(values) != len(function.parameters) and function.parameters != ("*",):
        raise Failure(_wrong_arguments(function))
    session.spend(1)
    session.enter(function.weight)
    try:
        return function.run(session, values)
    finally:
        session.depth -= function.weight


def _wrong_arguments(function: Function) -> Text:
    wanted = ", ".join(function.parameters) or "()"
    return Text(
        f"函数的参数应为 {wanted}，但不符，结果为空。",
        f"Expected the arguments {wanted}, but found others; it is null.",
    )


def as_value(overloads: tuple[Builtin, ...]) -> Function:
    """Return a built-in as a function value, for passing it to another function."""
    shortest = min(overloads, key=lambda builtin: len(builtin.parameters))
    names = (
        ("*",)
        if len(overloads) > 1
        or (shortest.parameters[-1:] and (shortest.parameters[-1].optional or shortest.parameters[-1].repeated))
        else tuple(parameter.name for parameter in shortest.parameters)
    )

    def run(session: Session, values: list[Any]) -> Any:
        for builtin in overloads:
            if builtin.arrange(len(values), None) is not None:
                return builtin.invoke(session, values)
        raise Failure(_misfit(overloads))

    return Function(names, run, type=lambda: shortest.type)


def lambda_(node: Lambda, scope: Scope) -> Code:
    """Return the closure that makes a function, which keeps the names bound around it."""
    body, place = scope.binding(node.parameters).code(node.body), scope.place(node)
    weight = 2 + min(size_of(node.body), 40)

    def kind() -> Type:
        return function_type(node, {name: overloads[0].type for name, overloads in scope.builtins.items()})

    def make(frame: Frame) -> Function:
        def run(session: Session, values: list[Any]) -> Any:
            for name, wanted, value in zip(node.parameters, node.types, values, strict=True):
                if wanted is not None and value is not None and not is_instance(value, wanted):
                    return session.problem(place, _wrong_kind(name, wanted.name, value))
            session.spend(weight)
            return body(frame.binding(dict(zip(node.parameters, values, strict=True))))

        return Function(node.parameters, run, weight, kind)

    return make


def _wrong_kind(name: str, wanted: str, value: Any) -> Text:
    kind = kind_of(value)
    return Text(
        f"参数“{name}”应是 {wanted}，但它是{kind.zh}，结果为空。",
        f"Expected {wanted} for “{name}”, but found {kind.en}, so the result is null.",
    )

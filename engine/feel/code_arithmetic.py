"""Closures for arithmetic: numbers on a short way, everything else through the table of operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.numbers import NUMBERS
from engine.feel.operators import calculate, negated
from engine.feel.scope import Code, Scope
from engine.feel.session import Failure, Frame, Place
from engine.feel.syntax import Chain, Negation

_FAST: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
}

_PER_ROOT, _PER_DIGIT = 120, 4


def chain(node: Chain, scope: Scope) -> Code:
    """Return the closure of operators of one precedence, from left to right."""
    code, place = scope.code(node.first), scope.place(node)
    steps = [(operator, scope.code(operand)) for operator, operand in node.rest]
    if len(steps) == 1:
        return _single(code, *steps[0], place)

    def run(frame: Frame) -> Any:
        value = code(frame)
        for operator, operand in steps:
            value = _calculated(operator, value, operand(frame), frame, place)
        return value

    return run


def _single(left: Code, operator: str, right: Code, place: Place) -> Code:
    fast = _FAST.get(operator)
    if fast is None:
        return lambda frame: _calculated(operator, left(frame), right(frame), frame, place)

    def run(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return fast(a, b)
            except ArithmeticError:
                pass
        return _calculated(operator, a, b, frame, place)

    return run


def _calculated(operator: str, a: Any, b: Any, frame: Frame, place: Place) -> Any:
    if operator == "**" and type(b) is Decimal:
        frame.session.spend(_steps_of_power(b))
    try:
        value = calculate(operator, a, b)
    except Failure as failure:
        return frame.session.problem(place, failure.message)
    return frame.session.sized(value) if type(value) is str else value


def _steps_of_power(exponent: Decimal) -> int:
    """A root takes a series, a whole power a multiplication for each bit."""
    whole = exponent == exponent.to_integral_value()
    return _PER_DIGIT * max(exponent.adjusted(), 0) if whole else _PER_ROOT


def negation(node: Negation, scope: Scope) -> Code:
    """Return the closure of a minus sign."""
    code, place = scope.code(node.operand), scope.place(node)

    def run(frame: Frame) -> Any:
        try:
            return negated(code(frame))
        except Failure as failure:
            return frame.session.problem(place, failure.message)

    return run

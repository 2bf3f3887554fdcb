"""Closures for comparisons, three-valued logic, ``if``, membership and unary tests."""

from __future__ import annotations

import operator as python
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel.code_calls import apply
from engine.feel.operators import contains, equal, order
from engine.feel.scope import Code, Scope
from engine.feel.session import Failure, Frame, Halt, Place
from engine.feel.syntax import (
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    If,
    In,
    InstanceOf,
    Literal,
    Node,
    Test,
    Tests,
    names_in,
)
from engine.feel.types import is_instance
from engine.feel.values import Function, Range, kind_of

_RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}
_PLAIN = frozenset([Decimal, str])
# A cell that says true asks for true: an input that is null does not pass it, as it would pass a condition that holds.
_CONSTANTS = _PLAIN | {bool}
Check = Callable[[Frame, Any], bool | None]


def comparison(node: Comparison, scope: Scope) -> Code:
    """Return the closure of a comparison; null when the values cannot be compared."""
    left, right, place = scope.code(node.left), scope.code(node.right), scope.place(node)
    if node.operator in ("=", "!="):
        return _equality(left, right, place, node.operator == "=")
    return _relation(left, right, place, _RELATIONS[node.operator])


def _relation(left: Code, right: Code, place: Place, relation: Callable[[Any, Any], bool]) -> Code:
    def compare(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        kind = type(a)
        if kind is type(b) and kind in _PLAIN:
            return relation(a, b)
        return _related(a, b, relation, frame, place)

    return compare


def _related(a: Any, b: Any, relation: Callable[[Any, Any], bool], frame: Frame, place: Place) -> bool | None:
    try:
        return relation(order(a, b), 0)
    except Failure as failure:
        frame.session.problem(place, failure.message)
        return None


def _equality(left: Code, right: Code, place: Place, wanted: bool) -> Code:
    def compare(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        kind = type(a)
        if kind is type(b) and kind in _PLAIN:
            return (a == b) is wanted
        same = _same(a, b, frame, place)
        return None if same is None else same is wanted

    return compare


def _same(a: Any, b: Any, frame: Frame, place: Place) -> bool | None:
    try:
        same = equal(a, b, frame.session.spend)
    except Halt:
        raise
    except Failure as failure:
        frame.session.problem(place, failure.message)
        return None
    if same is None:
        one, two = kind_of(a), kind_of(b)
        zh = f"“=”两边应是同类的值，但左边是{one.zh}，右边是{two.zh}，结果为空。"
        en = f"Expected two values of one kind, but found {one.en} and {two.en}, so the result is null."
        frame.session.problem(place, Text(zh, en))
    return same


def conjunction(node: Conjunction, scope: Scope) -> Code:
    """Return the closure of ``and``: false as soon as one item is, else null if one is unknown."""
    return _logic([(scope.code(item), scope.place(item)) for item in node.items], False)


def disjunction(node: Disjunction, scope: Scope) -> Code:
    """Return the closure of ``or``: true as soon as one item is, else null if one is unknown."""
    return _logic([(scope.code(item), scope.place(item)) for item in node.items], True)


def _logic(items: list[tuple[Code, Place]], deciding: bool) -> Code:
    other = not deciding

    def decide(frame: Frame) -> bool | None:
        result: bool | None = other
        for code, place in items:
            value = code(frame)
            if value is deciding:
                return bool(value)
            if value is not other:
                result = None
                _unknown(value, frame, place)
        return result

    return decide


def _unknown(value: Any, frame: Frame, place: Place) -> None:
    if value is not None:
        kind = kind_of(value)
        message = Text(
            f"此处应是真假值，但它是{kind.zh}，按空值处理。",
            f"Expected a boolean, but found {kind.en}; it counts as null.",
        )
        frame.session.problem(place, message)


def if_(node: If, scope: Scope) -> Code:
    """Return the closure of ``if``; anything but true takes the second branch."""
    condition, one, other = scope.code(node.condition), scope.code(node.one), scope.code(node.other)
    place = scope.place(node.condition)

    def choose(frame: Frame) -> Any:
        value = condition(frame)
        if value is True:
            return one(frame)
        if value is not False:
            _unknown(value, frame, place)
        return other(frame)

    return choose


def between(node: Between, scope: Scope) -> Code:
    """Return the closure of ``between``, both ends included."""
    value = scope.code(node.value)
    low, high, place = scope.code(node.low), scope.code(node.high), scope.place(node)

    def compare(frame: Frame) -> bool | None:
        subject = value(frame)
        above = _related(subject, low(frame), python.ge, frame, place)
        below = _related(subject, high(frame), python.le, frame, place)
        if above is False or below is False:
            return False
        return True if above and below else None

    return compare


def instance_of(node: InstanceOf, scope: Scope) -> Code:
    """Return the closure of ``instance of``."""
    value, kind = scope.code(node.value), node.type
    return lambda frame: is_instance(value(frame), kind)


def in_(node: In, scope: Scope) -> Code:
    """Return the closure of ``in``."""
    value, check = scope.code(node.value), tests(node.tests, scope)
    return lambda frame: check(frame, value(frame))


def test_value(node: Test, scope: Scope) -> Code:
    """Return the closure of a comparison in parentheses, which is a range open to one side."""
    code, place, operator = scope.code(node.value), scope.place(node), node.operator

    def make(frame: Frame) -> Range | None:
        end = code(frame)
        if end is None or operator == "!=":
            message = Text("此处应是区间，但没有端点。", "Expected a range, but it has no end; it is null.")
            frame.session.problem(place, message)
            return None
        if operator == "=":
            return Range(end, end)
        return (
            Range(end, None, operator == ">=", False)
            if operator[0] == ">"
            else Range(None, end, False, operator == "<=")
        )

    return make


def tests_alone(node: Tests, scope: Scope) -> Code:
    """Return the closure of a whole table cell, which tests ``?``."""
    check = tests(node, scope)
    return lambda frame: check(frame, frame.values.get("?"))


def tests(node: Tests, scope: Scope) -> Check:
    """Return a closure that tells whether a value passes one of the tests (none of them, if negated)."""
    checks = [_check(test, scope) for test in node.tests]
    if not checks:
        return lambda _, __: True
    if len(checks) == 1 and not node.negated:
        return checks[0]
    negated = node.negated

    def run(frame: Frame, subject: Any) -> bool | None:
        result: bool | None = False
        for check in checks:
            passed = check(frame, subject)
            if passed:
                return not negated
            if passed is None:
                result = None
        return None if result is None else negated

    return run


def _check(node: Node, scope: Scope) -> Check:
    if isinstance(node, Test):
        return _comparing(node, scope)
    if isinstance(node, Literal) and type(node.value) in _CONSTANTS:
        return _constant(node.value, scope.place(node))
    if "?" in names_in(node):
        code = scope.code(node)
        return lambda frame, _: _truth(code(frame))
    return _matching(scope.code(node), scope.place(node))


def _truth(value: Any) -> bool | None:
    return value if type(value) is bool else None


def _constant(constant: Any, place: Place) -> Check:
    kind = type(constant)

    def check(frame: Frame, subject: Any) -> bool | None:
        if type(subject) is kind:
            return bool(subject == constant)
        return _same(subject, constant, frame, place)

    return check


def _comparing(node: Test, scope: Scope) -> Check:
    code, place = scope.code(node.value), scope.place(node)
    if node.operator in ("=", "!="):
        wanted = node.operator == "="

        def check_equal(frame: Frame, subject: Any) -> bool | None:
            same = _same(subject, code(frame), frame, place)
            return None if same is None else same is wanted

        return check_equal
    relation = _RELATIONS[node.operator]

    def check(frame: Frame, subject: Any) -> bool | None:
        value = code(frame)
        kind = type(subject)
        if kind is type(value) and kind in _PLAIN:
            return relation(subject, value)
        return _related(subject, value, relation, frame, place)

    return check


def _matching(code: Code, place: Place) -> Check:
    def check(frame: Frame, subject: Any) -> bool | None:
        try:
            return _passes(subject, code(frame), frame, place)
        except Halt:
            raise
        except Failure as failure:
            frame.session.problem(place, failure.message)
            return None

    return check


def _passes(subject: Any, value: Any, frame: Frame, place: Place) -> bool | None:
    """Return whether the subject is the value, in it, or the value is a condition that holds."""
    spend = frame.session.spend
    if type(value) is Range and type(subject) is not Range:
        return contains(value, subject)
    if type(value) is Function:
        return _truth(apply(value, frame.session, [subject]))
    if type(value) is list and equal(subject, value, spend) is not True:
        spend(len(value))
        return any(_is_or_has(item, subject, spend) for item in value)
    if type(value) is bool and type(subject) is not bool:
        return value
    return _same(subject, value, frame, place)


def _is_or_has(item: Any, subject: Any, spend: Callable[[int], None]) -> bool:
    if type(item) is Range and type(subject) is not Range:
        return contains(item, subject)
    return equal(subject, item, spend) is True

"""Which segments of an axis a cell accepts; a cell that computes with other things is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.dmn.analysis.axes import Axis, Mask
from engine.dmn.analysis.constants import constant
from engine.feel.syntax import (
    Between,
    Call,
    Comparison,
    Conjunction,
    Disjunction,
    In,
    ListOf,
    Literal,
    Name,
    Node,
    RangeOf,
    Test,
    Tests,
    names_in,
)

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def accepted(tests: Node, axis: Axis) -> Mask | None:
    """Return the segments, null apart, whose values pass the tests of a cell; None when that cannot be known."""
    if axis.kind is None:
        return None if not isinstance(tests, Tests) or tests.tests else axis.everything
    return _tests(tests, axis) if isinstance(tests, Tests) else None


def _tests(node: Tests, axis: Axis) -> Mask | None:
    if not node.tests:
        return axis.everything
    found = _any(node.tests, axis, _test)
    return None if found is None else axis.everything ^ found if node.negated else found


def _any(nodes: Iterable[Node], axis: Axis, of: Callable[[Node, Axis], Mask | None]) -> Mask | None:
    total: Mask = 0
    for node in nodes:
        found = of(node, axis)
        if found is None:
            return None
        total |= found
    return total


def _test(node: Node, axis: Axis) -> Mask | None:
    if isinstance(node, Test):
        return _compared(node.operator, node.value, axis)
    if isinstance(node, RangeOf):
        return _range(node, axis)
    if isinstance(node, ListOf):
        return _any(node.items, axis, _test)
    if "?" in names_in(node):
        return _condition(node, axis)
    return _compared("=", node, axis)


def _compared(operator: str, node: Node, axis: Axis) -> Mask | None:
    if isinstance(node, Literal) and node.value is None:
        return {"=": 0, "!=": axis.everything}.get(operator)
    return axis.compared(operator, constant(node))


def _range(node: RangeOf, axis: Axis) -> Mask | None:
    above = _compared(">=" if node.low_closed else ">", node.low, axis)
    below = _compared("<=" if node.high_closed else "<", node.high, axis)
    if above is None or below is None or not _ascending(node, axis):
        return None
    return above & below


def _ascending(node: RangeOf, axis: Axis) -> bool:
    """A range whose first end is the higher is no range in FEEL; what it gives is left to the evaluation."""
    low, high = constant(node.low), constant(node.high)
    return axis.kind is not None and axis.kind.between is not None and axis.kind.place(low) <= axis.kind.place(high)


def _condition(node: Node, axis: Axis) -> Mask | None:
    of = _CONDITIONS.get(type(node))
    return of(node, axis) if of else None


def _comparison(node: Comparison, axis: Axis) -> Mask | None:
    if _is_subject(node.left):
        return _compared(node.operator, node.right, axis)
    return _compared(_MIRRORED[node.operator], node.left, axis) if _is_subject(node.right) else None


def _conjunction(node: Conjunction, axis: Axis) -> Mask | None:
    total = axis.everything
    for item in node.items:
        found = _condition(item, axis)
        if found is None:
            return None
        total &= found
    return total


def _disjunction(node: Disjunction, axis: Axis) -> Mask | None:
    return _any(node.items, axis, _condition)


def _between(node: Between, axis: Axis) -> Mask | None:
    above, below = _compared(">=", node.low, axis), _compared("<=", node.high, axis)
    return above & below if _is_subject(node.value) and above is not None and below is not None else None


def _in(node: In, axis: Axis) -> Mask | None:
    return _tests(node.tests, axis) if _is_subject(node.value) else None


def _not(node: Call, axis: Axis) -> Mask | None:
    if not (isinstance(node.function, Name) and node.function.name == "not" and len(node.arguments) == 1):
        return None
    found = _condition(node.arguments[0], axis)
    return None if found is None else axis.everything ^ found


def _is_subject(node: Node) -> bool:
    return isinstance(node, Name) and node.name == "?"


_CONDITIONS: Mapping[type[Node], Callable[[Any, Axis], Mask | None]] = {
    Comparison: _comparison,
    Conjunction: _conjunction,
    Disjunction: _disjunction,
    Between: _between,
    In: _in,
    Call: _not,
}

"""Cells that compare with constants, as most do: the same answer as FEEL's for a value of the same kind, sooner."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import Compiled
from engine.feel.syntax import Literal, Negation, Node, RangeOf, Test, Tests

Accepts = Callable[[Any], bool]
_KINDS = (Decimal, str)


def shortcut(test: Compiled) -> tuple[type, Accepts] | None:
    """Return the kind of value a cell's constants have and a function that tests such a value.

    None for a cell that computes, mixes kinds, or whose constants are neither numbers nor texts.
    """
    tree = test.tree
    if not isinstance(tree, Tests) or not tree.tests:
        return None
    found = [_one(part) for part in tree.tests]
    kinds = {part[0] for part in found if part is not None}
    if None in found or len(kinds) != 1:
        return None
    parts = tuple(part[1] for part in found if part is not None)
    return kinds.pop(), _some(parts, tree.negated)


def _some(parts: tuple[Accepts, ...], negated: bool) -> Accepts:
    if len(parts) == 1 and not negated:
        return parts[0]
    return lambda value: any(part(value) for part in parts) is not negated


def _one(node: Node) -> tuple[type, Accepts] | None:
    if isinstance(node, RangeOf):
        return _between(node)
    operator, operand = (node.operator, node.value) if isinstance(node, Test) else ("=", node)
    value = _constant(operand)
    return None if value is None else (type(value), _compare(operator, value))


def _constant(node: Node) -> Any:
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        return node.operand.value.copy_negate()
    return node.value if isinstance(node, Literal) and type(node.value) in _KINDS else None


def _compare(operator: str, constant: Any) -> Accepts:
    comparisons: dict[str, Accepts] = {
        "=": lambda value: bool(value == constant),
        "!=": lambda value: bool(value != constant),
        "<": lambda value: bool(value < constant),
        "<=": lambda value: bool(value <= constant),
        ">": lambda value: bool(value > constant),
        ">=": lambda value: bool(value >= constant),
    }
    return comparisons[operator]


def _between(node: RangeOf) -> tuple[type, Accepts] | None:
    low, high = _constant(node.low), _constant(node.high)
    if low is None or type(low) is not type(high) or low > high:
        return None
    after = _compare(">=" if node.low_closed else ">", low)
    before = _compare("<=" if node.high_closed else "<", high)
    return type(low), lambda value: after(value) and before(value)

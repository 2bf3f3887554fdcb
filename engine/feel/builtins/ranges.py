"""Ranges as values and how points and ranges lie to each other (Allen's relations)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.lexer import string_value
from engine.feel.operators import contains, order
from engine.feel.session import Failure
from engine.feel.temporal import parse_any
from engine.feel.values import Range

Relation = Callable[[Any, Any], bool]


def _area(value: Any) -> Range:
    return value if type(value) is Range else Range(value, value)


def _low(a: Range, b: Range) -> int:
    """Return how the starts lie to each other, an open start coming after a closed one at the same point."""
    if a.low is None or b.low is None:
        return (a.low is not None) - (b.low is not None)
    return order(a.low, b.low) or (b.low_closed - a.low_closed)


def _high(a: Range, b: Range) -> int:
    """Return how the ends lie to each other, an open end coming before a closed one at the same point."""
    if a.high is None or b.high is None:
        return (a.high is None) - (b.high is None)
    return order(a.high, b.high) or (a.high_closed - b.high_closed)


def _gap(a: Range, b: Range) -> int:
    """Return -1 if a ends before b starts, 0 if they share exactly that point, 1 if they share more or overlap."""
    if a.high is None or b.low is None:
        return 1
    return order(a.high, b.low) or (0 if a.high_closed and b.low_closed else -1)


def _before(a: Any, b: Any) -> bool:
    return _gap(_area(a), _area(b)) < 0


def _after(a: Any, b: Any) -> bool:
    return _before(b, a)


def _meets(a: Range, b: Range) -> bool:
    return _gap(a, b) == 0 and a.high_closed and b.low_closed


def _overlaps(a: Range, b: Range) -> bool:
    return _gap(a, b) >= 0 and _gap(b, a) >= 0


def _overlaps_before(a: Range, b: Range) -> bool:
    return _overlaps(a, b) and _low(a, b) < 0 and _high(a, b) < 0


def _overlaps_after(a: Range, b: Range) -> bool:
    return _overlaps_before(b, a)


def _finishes(a: Any, b: Range) -> bool:
    first = _area(a)
    return _high(first, b) == 0 and _low(first, b) >= 0


def _starts(a: Any, b: Range) -> bool:
    first = _area(a)
    return _low(first, b) == 0 and _high(first, b) <= 0


def _includes(a: Range, b: Any) -> bool:
    if type(b) is not Range:
        return contains(a, b)
    return _low(a, b) <= 0 and _high(a, b) >= 0


def _during(a: Any, b: Range) -> bool:
    return _includes(b, a)


def _coincides(a: Any, b: Any) -> bool:
    return _low(_area(a), _area(b)) == 0 and _high(_area(a), _area(b)) == 0


_ENDS = re.compile(r"([\[(\]])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])\[])", re.DOTALL)
_WRAPPED = re.compile(r'(?:date and time|date|time|duration)\(\s*"([^"]*)"\s*\)|@"([^"]*)"')


def _range(text: str) -> Range:
    match = _ENDS.fullmatch(text.strip()) if len(text) <= 300 else None
    if match is None:
        raise Failure(
            Text("应为形如 [1..5] 的区间，结果为空。", "Expected a range such as [1..5], so the result is null.")
        )
    low, high = _end(match[2]), _end(match[3])
    if low is None and high is None:
        raise Failure(Text("区间应至少有一端，结果为空。", "Expected a range with at least one end, so it is null."))
    if low is not None and high is not None:
        order(low, high)
    return Range(low, high, match[1] == "[", match[4] == "]")


def _end(text: str) -> Any:
    """Return the value of a literal: a number, string, temporal value, or None where the range is open."""
    if text in ("", "null"):
        return None
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        return parse_any(wrapped[1] or wrapped[2] or "")
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return string_value(text)
    try:
        return Decimal(text) if text[-1].isdigit() and len(text) < 50 else parse_any(text)
    except InvalidOperation:
        return parse_any(text)


def _relation(signature: str, run: Relation, zh: str, en: str, example: str) -> Builtin:
    return define(signature, run, Text(zh, en), example)


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "range(from: string)",
        _range,
        Text("读作区间。", "Returns the range that a string writes."),
        'range("[1..5]") = [1..5]',
    ),
    _relation("before(a, b)", _before, "a 是否全在 b 之前。", "Returns whether a lies before b.", "before(1, [2..5])"),
    _relation("after(a, b)", _after, "a 是否全在 b 之后。", "Returns whether a lies after b.", "after([6..9], 5)"),
    _relation(
        "meets(range1: range, range2: range)",
        _meets,
        "前者的终点是否即后者的起点。",
        "Returns whether the first ends exactly where the second starts.",
        "meets([1..5], [5..10])",
    ),
    _relation(
        "met by(range1: range, range2: range)",
        lambda a, b: _meets(b, a),
        "前者的起点是否即后者的终点。",
        "Returns whether the first starts exactly where the second ends.",
        "met by([5..10], [1..5])",
    ),
    _relation(
        "overlaps(range1: range, range2: range)",
        _overlaps,
        "两区间是否有共同的点。",
        "Returns whether the ranges share a point.",
        "overlaps([1..5], [3..8])",
    ),
    _relation(
        "overlaps before(range1: range, range2: range)",
        _overlaps_before,
        "前者是否先开始、先结束并与后者重叠。",
        "Returns whether the first starts and ends earlier and they overlap.",
        "overlaps before([1..5], [3..8])",
    ),
    _relation(
        "overlaps after(range1: range, range2: range)",
        _overlaps_after,
        "前者是否后开始、后结束并与后者重叠。",
        "Returns whether the first starts and ends later and they overlap.",
        "overlaps after([3..8], [1..5])",
    ),
    _relation(
        "finishes(a, range: range)",
        _finishes,
        "a 是否结束于区间的终点。",
        "Returns whether a ends the range.",
        "finishes(10, [1..10])",
    ),
    _relation(
        "finished by(range: range, b)",
        lambda a, b: _finishes(b, a),
        "区间是否以 b 结束。",
        "Returns whether the range is ended by b.",
        "finished by([1..10], 10)",
    ),
    _relation(
        "includes(range: range, value)",
        _includes,
        "区间是否包含 b。",
        "Returns whether the range includes b.",
        "includes([1..10], 5)",
    ),
    _relation(
        "during(a, range: range)",
        _during,
        "a 是否在区间之内。",
        "Returns whether a lies within the range.",
        "during(5, [1..10])",
    ),
    _relation(
        "starts(a, range: range)",
        _starts,
        "a 是否起始区间。",
        "Returns whether a starts the range.",
        "starts(1, [1..10])",
    ),
    _relation(
        "started by(range: range, b)",
        lambda a, b: _starts(b, a),
        "区间是否由 b 起始。",
        "Returns whether the range is started by b.",
        "started by([1..10], 1)",
    ),
    _relation(
        "coincides(a, b)",
        _coincides,
        "两者是否相同。",
        "Returns whether both are the same points.",
        "coincides([1..5], [1..5])",
    ),
)

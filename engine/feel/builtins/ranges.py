"""Ranges as values and how points and ranges lie to each other (Allen's relations)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
    if value is None:
        raise Failure(
            Text("应有点或区间，但它是空值，结果为空。", "Expected a point or a range, but found null; it is null.")
        )
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
    return _overlaps(a, b) and _low(a, b) < 0 and _high(a, b) <= 0


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
    area = Range(_end(match[2]), _end(match[3]), match[1] == "[", match[4] == "]")
    if (area.low is None and (area.low_closed or area.high is None)) or (area.high is None and area.high_closed):
        zh = "区间应至少有一端，没有端点的一侧应用圆括号，结果为空。"
        raise Failure(Text(zh, "Expected an end, and a parenthesis on a side that has none, so the result is null."))
    if area.low is not None and area.high is not None and order(area.low, area.high) > 0:
        raise Failure(
            Text("区间的起点应不在终点之后，结果为空。", "Expected a start not behind the end, so it is null.")
        )
    return area


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


def _relations(name: str, run: Relation, about: Text, *forms: tuple[str, str]) -> Iterator[Builtin]:
    """Yield one entry for each way to call the function: the parameters as the standard names them, and an example."""
    for parameters, arguments in forms:
        yield define(f"{name}({parameters}) -> boolean", run, about, f"{name}({arguments})")


_POINTS, _BEHIND, _AHEAD = "point1, point2", "point, range: range", "range: range, point"
_RANGES = "range1: range, range2: range"
FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "range(from: string) -> range",
        _range,
        Text("读作区间。", "Returns the range that a string writes."),
        'range("[1..5]") = [1..5]',
    ),
    *_relations(
        "before",
        _before,
        Text("前者是否全在后者之前。", "Returns whether the first lies entirely before the second."),
        (_POINTS, "1, 2"),
        (_BEHIND, "1, [2..5]"),
        (_AHEAD, "[1..5], 6"),
        (_RANGES, "[1..5), [5..6]"),
    ),
    *_relations(
        "after",
        _after,
        Text("前者是否全在后者之后。", "Returns whether the first lies entirely after the second."),
        (_POINTS, "2, 1"),
        (_BEHIND, "6, [2..5]"),
        (_AHEAD, "[6..9], 5"),
        (_RANGES, "[6..9], [1..5]"),
    ),
    *_relations(
        "meets",
        _meets,
        Text("前者的终点是否即后者的起点。", "Returns whether the first ends exactly where the second starts."),
        (_RANGES, "[1..5], [5..10]"),
    ),
    *_relations(
        "met by",
        lambda a, b: _meets(b, a),
        Text("前者的起点是否即后者的终点。", "Returns whether the first starts exactly where the second ends."),
        (_RANGES, "[5..10], [1..5]"),
    ),
    *_relations(
        "overlaps",
        _overlaps,
        Text("两区间是否有共同的点。", "Returns whether the ranges share a point."),
        (_RANGES, "[1..5], [3..8]"),
    ),
    *_relations(
        "overlaps before",
        _overlaps_before,
        Text(
            "前者是否先开始、不晚于后者结束并与后者重叠。",
            "Returns whether the first starts earlier, ends no later and they overlap.",
        ),
        (_RANGES, "[1..5], [3..8]"),
    ),
    *_relations(
        "overlaps after",
        _overlaps_after,
        Text(
            "前者是否后结束、不早于后者开始并与后者重叠。",
            "Returns whether the first starts later, ends no earlier and they overlap.",
        ),
        (_RANGES, "[3..8], [1..5]"),
    ),
    *_relations(
        "finishes",
        _finishes,
        Text("前者是否结束于区间的终点。", "Returns whether the first ends where the range ends, and lies in it."),
        (_BEHIND, "10, [1..10]"),
        (_RANGES, "[5..10], [1..10]"),
    ),
    *_relations(
        "finished by",
        lambda a, b: _finishes(b, a),
        Text("区间是否以后者结束。", "Returns whether the second ends where the range ends, and lies in it."),
        (_AHEAD, "[1..10], 10"),
        (_RANGES, "[1..10], [5..10]"),
    ),
    *_relations(
        "includes",
        _includes,
        Text("区间是否包含后者。", "Returns whether the second lies within the range."),
        (_AHEAD, "[1..10], 5"),
        (_RANGES, "[1..10], [4..6]"),
    ),
    *_relations(
        "during",
        _during,
        Text("前者是否在区间之内。", "Returns whether the first lies within the range."),
        (_BEHIND, "5, [1..10]"),
        (_RANGES, "[4..6], [1..10]"),
    ),
    *_relations(
        "starts",
        _starts,
        Text("前者是否起于区间的起点。", "Returns whether the first starts where the range starts, and lies in it."),
        (_BEHIND, "1, [1..10]"),
        (_RANGES, "[1..5], [1..10]"),
    ),
    *_relations(
        "started by",
        lambda a, b: _starts(b, a),
        Text("区间是否由后者起始。", "Returns whether the second starts where the range starts, and lies in it."),
        (_AHEAD, "[1..10], 1"),
        (_RANGES, "[1..10], [1..5]"),
    ),
    *_relations(
        "coincides",
        _coincides,
        Text("两者是否相同。", "Returns whether both are the same points."),
        (_POINTS, "5, 5"),
        (_RANGES, "[1..5], [1..5]"),
    ),
)

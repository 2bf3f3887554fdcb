"""Closures for ``for``, ``some``, ``every`` and filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel.scope import Code, Scope
from engine.feel.session import Failure, Frame, Place
from engine.feel.syntax import Binding, Filter, For, Literal, Negation, Node, Quantified, names_in, size_of
from engine.feel.values import Range, kind_of
from engine.feel.wide import WideDate, counted_day, widened

Source = Callable[[Frame], Sequence[Any] | Iterator[Any]]
_DAYS = {date, WideDate}
_PER_TURN = 2
_DIGITS = 34


def for_(node: For, scope: Scope) -> Code:
    """Return the closure of ``for``; ``partial`` is the list of results so far."""
    sources, inner = _sources(node.iterators, scope)
    body = inner.binding(["partial"]).code(node.result)
    weight, place = size_of(node.result), scope.place(node)
    looks_back = "partial" in names_in(node.result)

    def run(frame: Frame) -> list[Any] | None:
        session, results = frame.session, list[Any]()
        try:
            for inside in _turns(sources, frame, 0):
                session.spend(weight)
                if looks_back:
                    session.spend(len(results) >> 4)
                    inside.values["partial"] = results[:]
                results.append(body(inside))
                session.measure(len(results), session.limits.items, Text("项", "items"))
        except _Unusable as failure:
            session.problem(place, failure.message)
            return None
        return results

    return run


def quantified(node: Quantified, scope: Scope) -> Code:
    """Return the closure of ``some`` or ``every``, which ends at the first item that decides."""
    sources, inner = _sources(node.iterators, scope)
    condition = inner.code(node.condition)
    weight, place, deciding = size_of(node.condition), scope.place(node), node.kind == "some"

    def run(frame: Frame) -> bool | None:
        result: bool | None = not deciding
        try:
            for inside in _turns(sources, frame, 0):
                frame.session.spend(weight)
                value = condition(inside)
                if value is deciding:
                    return bool(value)
                if type(value) is not bool:
                    result = None
        except _Unusable as failure:
            frame.session.problem(place, failure.message)
            return None
        return result

    return run


class _Unusable(Failure):
    """There is nothing to go through."""


def _sources(iterators: tuple[Binding, ...], scope: Scope) -> tuple[list[tuple[str, Source]], Scope]:
    sources: list[tuple[str, Source]] = []
    for iterator in iterators:
        sources.append((iterator.name, _source(iterator, scope)))
        scope = scope.binding([iterator.name])
    return sources, scope


def _source(iterator: Binding, scope: Scope) -> Source:
    low = scope.code(iterator.source)
    if iterator.high is None:
        return lambda frame: _items(low(frame))
    high = scope.code(iterator.high)
    return lambda frame: _span(low(frame), high(frame))


def _turns(sources: list[tuple[str, Source]], frame: Frame, at: int) -> Iterator[Frame]:
    """Yield one frame for each combination; the last iterator runs fastest."""
    name, source = sources[at]
    for item in source(frame):
        frame.session.spend(_PER_TURN)
        inside = frame.binding({name: item})
        if at + 1 == len(sources):
            yield inside
        else:
            yield from _turns(sources, inside, at + 1)


def _items(value: Any) -> Sequence[Any] | Iterator[Any]:
    if type(value) is list:
        return value
    if type(value) is Range:
        return _walk(value)
    if value is None:
        raise _Unusable(Text("应有可遍历的列表，但它是空值。", "Expected a list to go through, but it is null."))
    return [value]


def _walk(area: Range) -> Iterator[Any]:
    if area.low is None or area.high is None:
        raise _Unusable(Text("遍历的区间应有两端。", "Expected a range with two ends to go through, but one is open."))
    low, high = _ends(area.low, area.high)
    first, last = low + (not area.low_closed), high - (not area.high_closed and high == _count(area.high))
    return _counted(first, last, type(area.low)) if first <= last else iter(())


def _span(low: Any, high: Any) -> Iterator[Any]:
    """Return all integers or days from one end to the other, downwards if the first is higher."""
    first, last = _ends(low, high)
    return _counted(first, last, type(low))


def _ends(low: Any, high: Any) -> tuple[int, int]:
    """Return both ends as counts: integers themselves, days by their ordinal."""
    kinds = {type(low), type(high)}
    if kinds == {Decimal} and low == low.to_integral_value() and max(low.adjusted(), high.adjusted()) < _DIGITS:
        return int(low), int(high.to_integral_value("ROUND_FLOOR" if high >= low else "ROUND_CEILING"))
    if kinds <= _DAYS:
        return _count(low), _count(high)
    a, b = kind_of(low), kind_of(high)
    zh = f"遍历的两端应是整数或日期，但它们是{a.zh}和{b.zh}。"
    raise _Unusable(Text(zh, f"Expected two integers or dates to go through, but found {a.en} and {b.en}."))


def _count(end: Any) -> Any:
    return end if type(end) is Decimal else widened(end).ordinal


def _counted(first: int, last: int, kind: type) -> Iterator[Any]:
    counts = range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return map(Decimal if kind is Decimal else counted_day, counts)


def filter_(node: Filter, scope: Scope) -> Code:
    """Return the closure of a filter: by position if the result is a number, else the items for which it is true."""
    source, place = scope.code(node.source), scope.place(node)
    inner = scope.binding(["item"], filtering=True)
    condition, weight = inner.code(node.condition), size_of(node.condition) + 1
    fixed = _constant_position(node.condition)

    def run(frame: Frame) -> Any:
        value = source(frame)
        items = value if type(value) is list else _items_of(value)
        if fixed is not None:
            return _at(items, fixed, frame, place)
        kept: list[Any] = []
        for item in items:
            frame.session.spend(weight)
            result = condition(_inside(frame, item))
            if type(result) is Decimal:
                return _at(items, result, frame, place)
            if result is True:
                kept.append(item)
            elif result is not False and result is not None:
                return frame.session.problem(place, _no_condition(result))
        if not items:
            return _empty(condition, frame)
        return kept

    return run


def _no_condition(result: Any) -> Text:
    kind = kind_of(result)
    return Text(
        f"筛选条件应是真假值或位置，但它是{kind.zh}，结果为空。",
        f"Expected a boolean or a position to filter by, but found {kind.en}, so the result is null.",
    )


def _constant_position(node: Node) -> Decimal | None:
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        return -node.operand.value
    return node.value if isinstance(node, Literal) and type(node.value) is Decimal else None


def _items_of(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _inside(frame: Frame, item: Any) -> Frame:
    return frame.binding({"item": item, **item} if type(item) is dict else {"item": item})


def _empty(condition: Code, frame: Frame) -> list[Any] | None:
    """A position in an empty list is null; a condition gives an empty list."""
    problems = len(frame.session.problems)
    position = type(condition(_inside(frame, None))) is Decimal
    del frame.session.problems[problems:]
    return None if position else []


def _at(items: list[Any], position: Decimal, frame: Frame, place: Place) -> Any:
    size = len(items)
    if position == position.to_integral_value() and 1 <= abs(position) <= size:
        index = int(position)
        return items[index - 1 if index > 0 else index]
    zh = f"位置应在 1 到 {size} 之间，但它是 {position:.6g}，结果为空。"
    en = f"Expected a position from 1 to {size}, but found {position:.6g}, so the result is null."
    return frame.session.problem(place, Text(zh, en))

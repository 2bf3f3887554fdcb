"""Functions on lists; positions count from 1, or from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.operators import equal
from engine.feel.session import Failure, Session


def _contains(session: Session, items: list[Any], element: Any) -> bool:
    return any(_same(session, item, element) for item in items)


def _same(session: Session, a: Any, b: Any) -> bool:
    session.spend(1)
    return equal(a, b, session.spend) is True


def _place(items: list[Any], position: Decimal, most: int) -> int:
    if position != position.to_integral_value() or not 1 <= abs(position) <= most:
        zh, en = (
            f"位置应在 1 到 {most} 之间，结果为空。",
            f"Expected a position from 1 to {most}, so the result is null.",
        )
        raise Failure(Text(zh, en))
    return int(position) - 1 if position > 0 else len(items) + int(position)


def _sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    begin = _place(items, start, len(items))
    count = len(items) if length is None else length
    if count != int(count) or not count >= 1 or (length is not None and begin + count > len(items)):
        raise Failure(Text("长度应在列表之内，结果为空。", "Expected a length within the list, so the result is null."))
    return items[begin : begin + int(count)]


def _append(items: list[Any], more: list[Any]) -> list[Any]:
    return [*items, *more]


def _concatenate(lists: list[list[Any]]) -> list[Any]:
    return [item for items in lists for item in items]


def _insert_before(items: list[Any], position: Decimal, new: Any) -> list[Any]:
    at = _place(items, position, len(items))
    return [*items[:at], new, *items[at:]]


def _remove(items: list[Any], position: Decimal) -> list[Any]:
    at = _place(items, position, len(items))
    return [*items[:at], *items[at + 1 :]]


def _replace(session: Session, items: list[Any], where: Any, new: Any) -> list[Any]:
    if type(where) is Decimal:
        at = _place(items, where, len(items))
        return [*items[:at], new, *items[at + 1 :]]
    if where.parameters != ("*",) and len(where.parameters) != 2:
        raise Failure(Text("替换函数应有两个参数。", "Expected a function of two parameters to replace by."))
    session.spend(len(items) * where.weight)
    return [new if where.run(session, [item, new]) is True else item for item in items]


def _distinct(session: Session, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    seen: set[Any] = set()
    for item in items:
        plain = type(item) in (str, Decimal)
        if (item in seen) if plain else any(_same(session, item, other) for other in kept):
            continue
        if plain:
            seen.add(item)
        kept.append(item)
    return kept


def _union(session: Session, lists: list[list[Any]]) -> list[Any]:
    return _distinct(session, _concatenate(lists))


def _index_of(session: Session, items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(n) for n, item in enumerate(items, 1) if _same(session, item, match)]


def _flatten(session: Session, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            session.spend(1)
            if type(item) is list:
                stack.append(iter(item))
                break
            flat.append(item)
        else:
            stack.pop()
        session.measure(len(flat), session.limits.items, Text("项", "items"))
    return flat


def _count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _is_empty(items: list[Any]) -> bool:
    return not items


def _partition(items: list[Any], size: Decimal) -> list[list[Any]]:
    if size != size.to_integral_value() or size < 1:
        raise Failure(
            Text("每份大小应是正整数，结果为空。", "Expected a positive integer size, so the result is null.")
        )
    step = min(int(size), len(items) or 1)
    return [items[at : at + step] for at in range(0, len(items), step)]


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "list contains(list: list, element) -> boolean",
        _contains,
        Text("列表是否含有某值。", "Returns whether the list has the element."),
        'list contains(["低保", "特困"], "特困")',
        with_session=True,
    ),
    define(
        "count(list: list) -> number",
        _count,
        Text("项数。", "Returns how many items there are."),
        "count([1, null, 3]) = 3",
    ),
    define(
        "is empty(list: list) -> boolean",
        _is_empty,
        Text("是否没有任何项。", "Returns whether there are no items."),
        "is empty([])",
    ),
    define(
        "sublist(list: list, start position: number, length?: number) -> list",
        _sublist,
        Text("从某位置起取若干项。", "Returns items from a position on."),
        "sublist([4, 5, 6], 1, 2) = [4, 5]",
    ),
    define(
        "append(list: list, item*) -> list",
        _append,
        Text("在末尾加项。", "Returns the list with items added at the end."),
        "append([1], 2, 3) = [1, 2, 3]",
    ),
    define(
        "concatenate(list*: list) -> list",
        _concatenate,
        Text("把几个列表接成一个。", "Returns all items of several lists."),
        "concatenate([1, 2], [3]) = [1, 2, 3]",
    ),
    define(
        "insert before(list: list, position: number, newItem) -> list",
        _insert_before,
        Text("在某位置前插入一项。", "Returns the list with an item put before the position."),
        "insert before([1, 3], 1, 2) = [2, 1, 3]",
    ),
    define(
        "remove(list: list, position: number) -> list",
        _remove,
        Text("去掉某位置的项。", "Returns the list without the item at the position."),
        "remove([1, 2, 3], 2) = [1, 3]",
    ),
    define(
        "list replace(list: list, position: number, newItem) -> list",
        _replace,
        Text("替换某位置的项。", "Returns the list with the item at the position replaced."),
        "list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]",
        with_session=True,
    ),
    define(
        "list replace(list: list, match: number | function, newItem) -> list",
        _replace,
        Text("替换符合条件的项。", "Returns the list with the items that match replaced."),
        "list replace([2, 4, 7], function(item, newItem) item < newItem, 5) = [5, 5, 7]",
        with_session=True,
    ),
    define(
        "reverse(list: list) -> list",
        lambda items: items[::-1],
        Text("倒序。", "Returns the items in reverse order."),
        "reverse([1, 2, 3]) = [3, 2, 1]",
    ),
    define(
        "index of(list: list, match) -> list",
        _index_of,
        Text("某值出现的所有位置。", "Returns all positions of a value."),
        "index of([1, 2, 3, 2], 2) = [2, 4]",
        with_session=True,
    ),
    define(
        "union(list*: list) -> list",
        _union,
        Text("几个列表的并集，不重复。", "Returns the items of several lists, each once."),
        "union([1, 2], [2, 3]) = [1, 2, 3]",
        with_session=True,
    ),
    define(
        "distinct values(list: list) -> list",
        _distinct,
        Text("去掉重复的项。", "Returns each item once."),
        "distinct values([1, 2, 3, 2, 1]) = [1, 2, 3]",
        with_session=True,
    ),
    define(
        "duplicate values(list: list) -> list",
        lambda session, items: _distinct(session, [i for i in items if len(_index_of(session, items, i)) > 1]),
        Text("重复出现的项。", "Returns the items that occur more than once."),
        "duplicate values([1, 2, 3, 2, 1]) = [1, 2]",
        with_session=True,
    ),
    define(
        "flatten(list: list) -> list",
        _flatten,
        Text("展开嵌套的列表。", "Returns the items of nested lists in one list."),
        "flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4]",
        with_session=True,
    ),
    define(
        "partition(list: list, size: number) -> list",
        _partition,
        Text("按固定大小分成几份。", "Returns the list in parts of a size."),
        "partition([1, 2, 3, 4, 5], 2) = [[1, 2], [3, 4], [5]]",
    ),
)

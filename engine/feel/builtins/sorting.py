"""Sorting a list by a function."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.operators import order
from engine.feel.session import Failure, Session
from engine.feel.values import Function


def _sort(session: Session, items: list[Any], precedes: Function | None = None) -> list[Any]:
    if precedes is None:
        return sorted(items, key=cmp_to_key(lambda a, b: _ordered(session, a, b)))
    if len(precedes.parameters) != 2:
        raise Failure(Text("排序函数应有两个参数。", "Expected a function of two parameters to sort by."))

    def before(a: Any, b: Any) -> int:
        session.spend(precedes.weight)
        return -1 if precedes.run(session, [a, b]) is True else 1 if precedes.run(session, [b, a]) is True else 0

    return sorted(items, key=cmp_to_key(before))


def _ordered(session: Session, a: Any, b: Any) -> int:
    session.spend(1)
    return order(a, b)


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "sort(list: list, precedes?: function) -> list",
        _sort,
        Text("排序；函数说明哪一项在前。", "Returns the list sorted; the function tells which of two comes first."),
        "sort([3, 1, 2], function(x, y) x > y) = [3, 2, 1]",
        with_session=True,
    ),
)

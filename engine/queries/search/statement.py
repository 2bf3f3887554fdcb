"""Criteria as SQL: two statements, one that counts and one that brings a page."""

from __future__ import annotations

import base64
import binascii
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from engine.errors import Invalid, Text
from engine.queries.search.criteria import Column, Columns, Condition, Criteria, Found, Operator, Order
from engine.store import tables as t
from engine.store.transaction import Transaction

Kept = TypeVar("Kept")
_MARK = "mark_"


def search(
    transaction: Transaction,
    select: sa.Select[Any],
    columns: Columns,
    key: sa.ColumnElement[Any],
    criteria: Criteria,
    row_of: Callable[[Any], Kept],
) -> Found[Kept]:
    """Return the page of ``select`` (scoped already) that the criteria ask for; ``key`` makes every order total.

    Raises Invalid for a mark that is not of this list and order.
    """
    select = narrowed(select, columns, criteria.conditions)
    total = int(transaction.execute(sa.select(sa.func.count()).select_from(select.subquery())).scalar_one())
    keys = _sort_keys(columns, key, criteria.orders)
    page = select.add_columns(*(value.label(f"{_MARK}{at}") for at, (value, _) in enumerate(keys)))
    backward = criteria.before is not None
    mark = _read_mark(criteria.before or criteria.after, len(keys))
    if mark is not None:
        page = page.where(_beyond(keys, mark, backward))
    page = page.order_by(*(value.desc() if descending != backward else value.asc() for value, descending in keys))
    found = list(transaction.execute(page.limit(criteria.limit).offset(criteria.skip)))
    if backward:
        found.reverse()
    first, last = (_mark_of(found[0], len(keys)), _mark_of(found[-1], len(keys))) if found else (None, None)
    return Found(tuple(row_of(row) for row in found), total, first, last)


def narrowed(select: sa.Select[Any], columns: Columns, conditions: Sequence[Condition]) -> sa.Select[Any]:
    """Return the select with the conditions added."""
    return select.where(*(_condition(columns[one.column], one) for one in conditions))


def only(
    transaction: Transaction,
    select: sa.Select[Any],
    key: sa.ColumnElement[Any],
    value: int,
    row_of: Callable[[Any], Kept],
) -> Kept | None:
    """Return the row of ``select`` (scoped already) with this key, None when there is none in reach."""
    row = transaction.execute(select.where(key == value)).first()
    return None if row is None else row_of(row)


def _mark_of(row: Any, length: int) -> str:
    return _write_mark([getattr(row, f"{_MARK}{at}") for at in range(length)])


def _condition(column: Column, asked: Condition) -> sa.ColumnElement[bool]:
    built: sa.ColumnElement[bool] = _CONDITIONS[asked.operator](column.value, _stored(column, asked.value))
    return built


def _equal(value: Any, given: Any) -> Any:
    return value.is_(given) if isinstance(given, bool) else value == given


_CONDITIONS: Mapping[Operator, Callable[[Any, Any], Any]] = {
    "eq": _equal,
    "neq": lambda value, given: sa.or_(value != given, value.is_(None)),
    "exists": lambda value, given: value.is_not(None) if given else value.is_(None),
    "in": lambda value, given: value.in_(given),
    "not_in": lambda value, given: sa.or_(value.not_in(given), value.is_(None)),
    "like": lambda value, given: value.like(_pattern(given), escape="\\"),
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _stored(column: Column, value: Any) -> Any:
    if column.kind != "choice" or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return [column.choices[one] for one in value]
    return column.choices[value]


def _pattern(wildcards: str) -> str:
    """``*`` stands for any text, ``?`` for any one character; a backslash takes their meaning away."""
    parts, escaped = [], False
    for mark in wildcards:
        if escaped or mark not in "*?\\":
            parts.append(f"\\{mark}" if mark in "%_\\" else mark)
            escaped = False
        elif mark == "\\":
            escaped = True
        else:
            parts.append("%" if mark == "*" else "_")
    return "".join(parts)


def _sort_keys(
    columns: Columns, key: sa.ColumnElement[Any], orders: Sequence[Order]
) -> list[tuple[sa.ColumnElement[Any], bool]]:
    keys = [(_never_null(columns[order.column]), order.descending) for order in orders]
    return [*keys, (key, bool(orders) and orders[-1].descending)]


def _never_null(column: Column) -> sa.ColumnElement[Any]:
    """A mark cannot hold null, and databases differ in where they sort it: nothing comes first."""
    if column.kind in ("text", "choice"):
        return sa.func.coalesce(column.value, "")
    if column.kind == "flag":
        return sa.case((column.value, 1), else_=0)
    return sa.func.coalesce(sa.type_coerce(column.value, t.Key), -1)


def _beyond(
    keys: list[tuple[sa.ColumnElement[Any], bool]], mark: Sequence[Any], backward: bool
) -> sa.ColumnElement[bool]:
    choices = []
    for at, (value, descending) in enumerate(keys):
        same = [earlier == known for (earlier, _), known in zip(keys[:at], mark, strict=False)]
        further = value < mark[at] if descending != backward else value > mark[at]
        choices.append(sa.and_(*same, further))
    return sa.or_(*choices)


def _write_mark(values: Sequence[Any]) -> str:
    plain = [value if isinstance(value, int | str) else int(value) for value in values]
    return base64.b64encode(msgspec.msgpack.encode(plain)).decode()


def _read_mark(text: str | None, length: int) -> list[int | str] | None:
    if not text:
        return None
    try:
        values = msgspec.msgpack.decode(base64.b64decode(text, validate=True), type=list[int | str])
    except (binascii.Error, msgspec.DecodeError, ValueError):
        values = []
    if len(values) != length:
        raise Invalid(
            Text(
                "分页标记无效,请从第一页重新查询。",
                "Expected a cursor of this very list and order; start again at the first page.",
            )
        )
    return values

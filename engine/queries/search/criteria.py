"""What a program wants to see of a list: conditions on its columns, an order, one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy as sa

Kind = Literal["key", "text", "number", "moment", "flag", "choice"]
Operator = Literal["eq", "neq", "exists", "in", "not_in", "like", "gt", "gte", "lt", "lte"]
Row = TypeVar("Row")

_EQUALITY: tuple[Operator, ...] = ("eq", "neq", "exists", "in", "not_in")
_ORDER: tuple[Operator, ...] = ("gt", "gte", "lt", "lte")
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    "key": _EQUALITY,
    "text": (*_EQUALITY, "like"),
    "number": (*_EQUALITY, *_ORDER),
    "moment": (*_EQUALITY, *_ORDER),
    "flag": ("eq",),
    "choice": _EQUALITY,
}


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a list: the expression behind it, and for choices the words callers use for stored values."""

    kind: Kind
    value: sa.ColumnElement[Any]
    choices: Mapping[str, Any] = field(default_factory=dict)
    sortable: bool = True


Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; ``value`` is of the column's kind, a sequence of such for ``in`` and ``not_in``."""

    column: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """A whole question; ``skip`` counts rows, ``after`` and ``before`` are marks of an earlier page."""

    conditions: Sequence[Condition] = ()
    orders: Sequence[Order] = ()
    limit: int = 100
    skip: int = 0
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """One page: its rows, how many rows there are in all, and the marks of its first and last row."""

    rows: tuple[Row, ...]
    total: int
    first: str | None
    last: str | None

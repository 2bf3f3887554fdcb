"""Conditions as bodies hold them, one struct for each kind of column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, cast

import msgspec

from engine.errors import Invalid, Text
from engine.queries.search.criteria import Column, Condition, Operator
from web.api.operation import camel
from web.api.shapes import Body, Key, number

Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
UNSET = msgspec.UNSET


def _operator(name: str) -> Any:
    return msgspec.field(name=f"${name}", default=UNSET)


class KeyFilter(Body):
    """Conditions on a key."""

    eq: Key | msgspec.UnsetType = _operator("eq")
    neq: Key | msgspec.UnsetType = _operator("neq")
    exists: bool | msgspec.UnsetType = _operator("exists")
    in_: list[Key] | msgspec.UnsetType = _operator("in")
    not_in: list[Key] | msgspec.UnsetType = _operator("notIn")


class TextFilter(Body):
    """Conditions on text; in ``$like`` a star stands for any text and a question mark for one character."""

    eq: str | msgspec.UnsetType = _operator("eq")
    neq: str | msgspec.UnsetType = _operator("neq")
    exists: bool | msgspec.UnsetType = _operator("exists")
    in_: list[str] | msgspec.UnsetType = _operator("in")
    not_in: list[str] | msgspec.UnsetType = _operator("notIn")
    like: str | msgspec.UnsetType = _operator("like")


class NumberFilter(Body):
    """Conditions on a whole number."""

    eq: Number | msgspec.UnsetType = _operator("eq")
    neq: Number | msgspec.UnsetType = _operator("neq")
    exists: bool | msgspec.UnsetType = _operator("exists")
    gt: Number | msgspec.UnsetType = _operator("gt")
    gte: Number | msgspec.UnsetType = _operator("gte")
    lt: Number | msgspec.UnsetType = _operator("lt")
    lte: Number | msgspec.UnsetType = _operator("lte")
    in_: list[Number] | msgspec.UnsetType = _operator("in")


class MomentFilter(Body):
    """Conditions on a moment."""

    eq: datetime | msgspec.UnsetType = _operator("eq")
    neq: datetime | msgspec.UnsetType = _operator("neq")
    exists: bool | msgspec.UnsetType = _operator("exists")
    gt: datetime | msgspec.UnsetType = _operator("gt")
    gte: datetime | msgspec.UnsetType = _operator("gte")
    lt: datetime | msgspec.UnsetType = _operator("lt")
    lte: datetime | msgspec.UnsetType = _operator("lte")
    in_: list[datetime] | msgspec.UnsetType = _operator("in")


def conditions(filter_: Any) -> Iterator[Condition]:
    """Yield every condition of a search's filter. Raises Invalid for a value no column can have."""
    if filter_ is None:
        return
    for name in filter_.__struct_fields__:
        given = getattr(filter_, name)
        if given is UNSET or name == "tenant_id":
            continue
        if not isinstance(given, Body):
            yield _condition(name, "eq", given)
            continue
        for operator in given.__struct_fields__:
            value = getattr(given, operator)
            if value is not UNSET:
                yield _condition(name, cast(Operator, operator.rstrip("_")), value)


def _condition(name: str, operator: Operator, value: Any) -> Condition:
    if operator != "exists" and name.endswith("_key"):
        value = [number(one) for one in value] if isinstance(value, list) else number(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise Invalid(
            Text(
                f"“{camel(name)}”应带时区,例如 2026-09-23T09:00:00+08:00。",
                f"Expected a moment with its zone at “{camel(name)}”, such as 2026-09-23T09:00:00+08:00.",
            )
        )
    return Condition(name, operator, value)


def kind_of(name: str, column: Column) -> Any:
    """Return the type of a condition on the column: a plain value, or an object of operators."""
    match column.kind:
        case "key":
            return Key | KeyFilter | msgspec.UnsetType
        case "text":
            return str | TextFilter | msgspec.UnsetType
        case "number":
            return Number | NumberFilter | msgspec.UnsetType
        case "moment":
            return datetime | MomentFilter | msgspec.UnsetType
        case "flag":
            return bool | msgspec.UnsetType
        case "choice":
            return Literal[tuple(column.choices)] | _choice_filter(name, column) | msgspec.UnsetType


def _choice_filter(name: str, column: Column) -> type[Body]:
    words: Any = Literal[tuple(column.choices)]
    several: Any = list[words]
    operators = {"eq": words, "neq": words, "exists": bool, "in_": several, "not_in": several}
    names = {"in_": "$in", "not_in": "$notIn"}
    members = [
        (member, kind | msgspec.UnsetType, msgspec.field(name=names.get(member, f"${member}"), default=UNSET))
        for member, kind in operators.items()
    ]
    title = "".join(part.capitalize() for part in name.split("_"))
    return cast("type[Body]", msgspec.defstruct(f"{title}Filter", members, bases=(Body,), kw_only=True, module=__name__))

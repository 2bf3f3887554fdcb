"""Negation and presence."""

from __future__ import annotations

from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.operators import equal
from engine.feel.session import Session
from engine.feel.temporal import zone_text
from engine.feel.values import KINDS


def _not(value: Any) -> bool | None:
    return not value if type(value) is bool else None


def _is(session: Session, a: Any, b: Any) -> bool:
    kinds = {KINDS[type(value)][0] for value in (a, b)}
    if len(kinds) > 1:
        return False
    zones = {zone_text(value) for value in (a, b) if hasattr(value, "tzinfo")}
    return len(zones) < 2 and equal(a, b, session.spend) is True


def _get_or_else(value: Any, default: Any) -> Any:
    return default if value is None else value


def _assert(value: Any) -> bool:
    return value is not None


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "not(negand) -> boolean",
        _not,
        Text("真假值取反；空值仍为空值。", "Returns the opposite boolean; null for anything else."),
        "not(1 > 2)",
    ),
    define(
        "is(value1, value2) -> boolean",
        _is,
        Text(
            "两值是否同类且相同（时区也相同）。",
            "Returns whether two values are of one kind and identical, zones included.",
        ),
        'is(date("2026-01-01"), date("2026-01-01"))',
        with_session=True,
    ),
    define(
        "is defined(value) -> boolean",
        _assert,
        Text("值是否存在（不为空值）。", "Returns whether the value is anything but null."),
        "is defined(0)",
    ),
    define(
        "get or else(value, default)",
        _get_or_else,
        Text("值为空时取默认值。", "Returns the value, or the default when it is null."),
        "get or else(null, 3) = 3",
    ),
)

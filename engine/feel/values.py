"""The kinds of value FEEL knows; every one but functions can be stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.clock import YearsMonths
from engine.errors import Text
from engine.feel.syntax import Type
from engine.feel.wide import WideDate, WideMoment, WideSpan, WideTime

if TYPE_CHECKING:
    from engine.feel.session import Session

__all__ = ["KINDS", "STORABLE", "Function", "Range", "YearsMonths", "kind_of", "normal"]


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; an end of None is open towards infinity."""

    low: Any
    high: Any
    low_closed: bool = True
    high_closed: bool = True


@dataclass(frozen=True, slots=True)
class Function:
    """A function as a value: the names of its parameters and what it does with their values.

    ``type`` tells the types of its parameters and its result when asked; without it both can be anything.
    """

    parameters: tuple[str, ...]
    run: Callable[[Session, list[Any]], Any]
    weight: int = 1
    type: Callable[[], Type] | None = None


STORABLE: tuple[type, ...] = (
    type(None),
    bool,
    Decimal,
    str,
    date,
    datetime,
    time,
    timedelta,
    YearsMonths,
    WideDate,
    WideMoment,
    WideTime,
    WideSpan,
    Range,
    list,
    dict,
)

KINDS: Mapping[type, tuple[str, Text]] = {
    type(None): ("null", Text("空值", "null")),
    bool: ("boolean", Text("真假值", "a boolean")),
    Decimal: ("number", Text("数字", "a number")),
    str: ("string", Text("文本", "a string")),
    date: ("date", Text("日期", "a date")),
    datetime: ("date and time", Text("日期时间", "a date and time")),
    time: ("time", Text("时间", "a time")),
    timedelta: ("days and time duration", Text("天时长", "a days and time duration")),
    YearsMonths: ("years and months duration", Text("年月时长", "a years and months duration")),
    WideDate: ("date", Text("日期", "a date")),
    WideMoment: ("date and time", Text("日期时间", "a date and time")),
    WideTime: ("time", Text("时间", "a time")),
    WideSpan: ("days and time duration", Text("天时长", "a days and time duration")),
    Range: ("range", Text("区间", "a range")),
    list: ("list", Text("列表", "a list")),
    dict: ("context", Text("上下文", "a context")),
    Function: ("function", Text("函数", "a function")),
}
_NAMES: Mapping[str, Text] = dict(KINDS.values()) | {"any": Text("任意值", "any value")}
SCALARS = frozenset(kind for kind in KINDS if kind not in (list, dict))
_DEEPEST = 60


def kind_of(value: object) -> Text:
    """Return what the value is, in words."""
    return KINDS[type(value)][1] if type(value) in KINDS else Text("未知的值", "an unknown kind of value")


def kind_named(name: str) -> Text:
    """Return the words for a FEEL type name."""
    return _NAMES[name]


def normal(value: Any, depth: int = 0) -> Any:
    """Return the value as FEEL computes with it: numbers as Decimal, sequences as list, mappings as dict.

    Raises ValueError for a value of no FEEL kind or nested deeper than 60.
    """
    kind = type(value)
    if kind in SCALARS:
        return value
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if kind is list:
        if all(type(item) in SCALARS for item in value):
            return value
        return [normal(item, depth + 1) for item in value]
    if kind is dict:
        if all(type(item) in SCALARS for item in value.values()):
            return value
        return {key: normal(item, depth + 1) for key, item in value.items()}
    return _foreign(value, depth)


def _foreign(value: Any, depth: int) -> Any:
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, float):
        return Decimal(repr(value)) if value - value == 0 else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): normal(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [normal(item, depth + 1) for item in value]
    raise ValueError(f"unknown kind of value: {type(value).__name__}")

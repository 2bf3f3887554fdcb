"""The kinds of value that can be laid out on an axis: how they are ordered and which lie between two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

from engine.clock import YearsMonths
from engine.feel.wide import WideDate

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: ``place`` orders its values, ``value`` turns a place back, ``between`` finds a place inside.

    ``place`` gives None for a value that cannot be laid out, ``between`` for two places with nothing in between; an end
    of None is infinity. Without ``between`` values are told apart but not ordered. ``exists`` tells whether a place has
    a value; ``all`` lists the values of a kind that has few.
    """

    place: Callable[[Any], Any]
    value: Callable[[Any], Any] = lambda place: place
    between: Callable[[Any, Any], Any] | None = None
    exists: Callable[[Any], bool] = lambda _: True
    all: tuple[Any, ...] = ()


def kind_of(name: str | None) -> Kind | None:
    """Return the kind for a declared FEEL type, None when its values cannot be laid out."""
    return _KINDS.get(name or "")


def kind_for(values: list[Any]) -> Kind | None:
    """Return the kind that all these values have, None when there is none or more than one."""
    names = {_NAMES.get(type(value)) for value in values}
    return kind_of(names.pop()) if len(names) == 1 else None


def _of(*types: type) -> Callable[[Any], Any]:
    return lambda value: value if type(value) in types else None


def _day(value: Any) -> int | None:
    if type(value) is date:
        return value.toordinal()
    return value.ordinal if type(value) is WideDate else None


def _date(place: int) -> date | WideDate:
    return date.fromordinal(place) if 1 <= place <= date.max.toordinal() else WideDate(place)


def _months(value: Any) -> int | None:
    return value.months if type(value) is YearsMonths else None


def _moment(value: Any) -> datetime | None:
    """Moments with and without a zone have no common order; those with one are laid out."""
    return value if type(value) is datetime and value.tzinfo is not None else None


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    whole: Decimal | None = _whole_between(low, high)
    if whole is not None or low is None or high is None:
        return whole
    return (low + high) / 2


def _whole_between(low: Any, high: Any) -> Any:
    if low is None and high is None:
        return Decimal(0)
    if low is None:
        return Decimal(ceil(high) - 1)
    found = Decimal(floor(low) + 1)
    return found if high is None or found < high else None


def _step_between(low: int | None, high: int | None) -> int | None:
    if low is None:
        return (high or 1) - 1
    return low + 1 if high is None or low + 1 < high else None


def _time_between(low: Any, high: Any) -> Any:
    if low is None:
        return None if high is None else high - _DAY
    if high is None:
        return low + _DAY
    return low + (high - low) / 2 if high - low > timedelta.resolution else None


_NUMBER = Kind(_of(Decimal), between=_number_between)
_WHOLE = Kind(_of(Decimal), between=_whole_between, exists=lambda place: place == place.to_integral_value())
_KINDS: Mapping[str, Kind] = {
    "number": _NUMBER,
    "double": _NUMBER,
    "integer": _WHOLE,
    "long": _WHOLE,
    "string": Kind(_of(str)),
    "boolean": Kind(_of(bool), all=(True, False)),
    "date": Kind(_day, _date, _step_between),
    "date and time": Kind(_moment, between=_time_between),
    "days and time duration": Kind(_of(timedelta), between=_time_between),
    "years and months duration": Kind(_months, YearsMonths, _step_between),
}
_KINDS = {
    **_KINDS,
    "dateTime": _KINDS["date and time"],
    "dayTimeDuration": _KINDS["days and time duration"],
    "yearMonthDuration": _KINDS["years and months duration"],
}
_NAMES: Mapping[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    WideDate: "date",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
}

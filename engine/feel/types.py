"""Types: which words name one, and whether a value is of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.syntax import Type
from engine.feel.values import Function, Range, YearsMonths

_KINDS: Mapping[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
    "days and time duration": (timedelta,),
    "years and months duration": (YearsMonths,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "Null": (type(None),),
    "null": (type(None),),
}
TYPE_NAMES = frozenset([*_KINDS, "Any"])


def is_instance(value: Any, wanted: Type) -> bool:
    """Return whether the value is of the type; null is of ``Null`` alone."""
    if wanted.name == "Any":
        return value is not None
    if type(value) not in _KINDS[wanted.name]:
        return False
    check = _STRUCTURES.get(wanted.name)
    return check is None or not wanted.elements or check(value, wanted)


def _is_list(value: list[Any], wanted: Type) -> bool:
    return all(item is None or is_instance(item, wanted.elements[0]) for item in value)


def _is_context(value: dict[str, Any], wanted: Type) -> bool:
    pairs = zip(wanted.entries, wanted.elements, strict=True)
    return all(name in value and (value[name] is None or is_instance(value[name], kind)) for name, kind in pairs)


def _is_range(value: Range, wanted: Type) -> bool:
    return all(end is None or is_instance(end, wanted.elements[0]) for end in (value.low, value.high))


def _is_function(value: Function, wanted: Type) -> bool:
    return len(value.parameters) == len(wanted.elements) - 1


_STRUCTURES: Mapping[str, Callable[[Any, Type], bool]] = {
    "list": _is_list,
    "context": _is_context,
    "range": _is_range,
    "function": _is_function,
}

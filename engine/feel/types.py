"""Types: which words name one, and whether a value is of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.syntax import Type
from engine.feel.values import KINDS, Function, Range, YearsMonths
from engine.feel.wide import WideDate, WideMoment, WideSpan, WideTime

_KINDS: Mapping[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date, WideDate),
    "time": (time, WideTime),
    "date and time": (datetime, WideMoment),
    "days and time duration": (timedelta, WideSpan),
    "years and months duration": (YearsMonths,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "Null": (type(None),),
    "null": (type(None),),
}
TYPE_NAMES = frozenset([*_KINDS, "Any"])
ANY = Type("Any")


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
    kind = value.type() if value.type else Type("function", (ANY,) * (len(value.parameters) + 1))
    return conforms(kind, wanted)


def type_of_value(value: Any) -> Type:
    """Return the type of a value, without looking into lists, contexts and ranges."""
    return Type("Null") if value is None else Type(KINDS[type(value)][0])


def conforms(kind: Type, wanted: Type) -> bool:
    """Return whether every value of the one type is also one of the other (DMN 10.3.2.9.2)."""
    if wanted.name == "Any" or kind.name in ("Null", "null"):
        return True
    if kind.name != wanted.name:
        return False
    return not wanted.elements or _CONFORMING.get(kind.name, _elementwise)(kind, wanted)


def common(one: Type, other: Type) -> Type:
    """Return the narrowest of both types and Any to which both conform."""
    if conforms(one, other):
        return other
    return one if conforms(other, one) else ANY


def _elementwise(kind: Type, wanted: Type) -> bool:
    return conforms(kind.elements[0] if kind.elements else ANY, wanted.elements[0])


def _entrywise(kind: Type, wanted: Type) -> bool:
    entries = dict(zip(kind.entries, kind.elements, strict=True))
    pairs = zip(wanted.entries, wanted.elements, strict=True)
    return all(name in entries and conforms(entries[name], element) for name, element in pairs)


def _contravariant(kind: Type, wanted: Type) -> bool:
    """A function conforms if it takes at least what is wanted and gives at most that."""
    if len(kind.elements) != len(wanted.elements):
        return False
    *taken, given = kind.elements
    *offered, result = wanted.elements
    return conforms(given, result) and all(conforms(b, a) for a, b in zip(taken, offered, strict=True))


_CONFORMING: Mapping[str, Callable[[Type, Type], bool]] = {"context": _entrywise, "function": _contravariant}
_STRUCTURES: Mapping[str, Callable[[Any, Type], bool]] = {
    "list": _is_list,
    "context": _is_context,
    "range": _is_range,
    "function": _is_function,
}

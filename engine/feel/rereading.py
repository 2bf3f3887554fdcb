"""Values as expressions that give the same value again, for people who try something out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.feel.values import Range, YearsMonths
from engine.feel.wide import WIDE
from engine.feel.writing import quoted, text_of


def expression_of(value: Any) -> str:
    """Return an expression for the value, such as ``@"2026-09-24"`` for a date; a function only shows its parameters.

    The value must be one that an evaluation gave: those are nested at most 60 deep.
    """
    return _WRITERS.get(type(value), text_of)(value)


def _context(value: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {expression_of(item)}" for key, item in value.items()) + "}"


def _range(value: Range) -> str:
    if value.high is None:
        return f"({'>=' if value.low_closed else '>'} {expression_of(value.low)})"
    if value.low is None:
        return f"({'<=' if value.high_closed else '<'} {expression_of(value.high)})"
    start, end = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{start}{expression_of(value.low)}..{expression_of(value.high)}{end}"


_TEMPORAL = (date, datetime, time, timedelta, YearsMonths, *WIDE)
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    **dict.fromkeys(_TEMPORAL, lambda value: f'@"{text_of(value)}"'),
    str: quoted,
    list: lambda value: f"[{', '.join(map(expression_of, value))}]",
    dict: _context,
    Range: _range,
}

"""How values are written as strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel.session import IDLE, Failure, Session
from engine.feel.temporal import date_text, moment_text, months_text, span_text, time_text
from engine.feel.values import Function, Range, YearsMonths
from engine.feel.wide import WideDate, WideMoment, WideSpan, WideTime

_DEEPEST = 60


def number_text(number: Decimal) -> str:
    """Return the number without exponent and without zeros behind the last digit that counts."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def quoted(text: str) -> str:
    """Return the text as a string literal."""
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f'"{escaped}"'


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    Decimal: number_text,
    date: date_text,
    WideDate: date_text,
    WideMoment: moment_text,
    WideTime: time_text,
    WideSpan: span_text,
    datetime: moment_text,
    time: time_text,
    timedelta: span_text,
    YearsMonths: months_text,
    Function: lambda function: f"function({', '.join(function.parameters)})",
}


def written(value: Any, session: Session) -> str:
    """Return the value as FEEL's ``string()`` writes it; strings inside lists and contexts are quoted.

    Raises Failure when it is nested too deeply, Halt when it is too long.
    """
    if type(value) is str:
        return value
    return session.sized(_inner(value, session, 0))  # type: ignore[no-any-return]  # sized gives back what it gets


def text_of(value: Any) -> str:
    """Return the value as FEEL writes it, outside of any evaluation. Raises Failure when it is too deep or too long."""
    return written(value, Session({}, IDLE))


def _inner(value: Any, session: Session, depth: int) -> str:
    kind = type(value)
    if depth > _DEEPEST:
        raise Failure(Text("值嵌套过深。", "Expected a value nested less deeply."))
    if kind is str:
        session.spend(1 + (len(value) >> 4))
        return quoted(value)
    if kind is list:
        session.spend(1 + len(value))
        return f"[{', '.join(_inner(item, session, depth + 1) for item in value)}]"
    if kind is dict:
        session.spend(1 + len(value))
        return "{" + ", ".join(f"{key}: {_inner(item, session, depth + 1)}" for key, item in value.items()) + "}"
    if kind is Range:
        low, high = (_inner(end, session, depth + 1) for end in (value.low, value.high))
        return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"
    return _WRITERS[kind](value)

"""Arithmetic, order and equality where a value is wide or a result may be: everything is counted in nanoseconds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.clock import YearsMonths
from engine.feel.numbers import NUMBERS
from engine.feel.wide import (
    NANOS_PER_DAY,
    WideDate,
    WideMoment,
    WideSpan,
    WideTime,
    day_of,
    instant_nanos,
    narrowed,
    span_nanos,
    widened,
)


def months_later(day: WideDate, months: int) -> WideDate:
    """Return the same day of another month, or its last day if it is shorter. Raises ValueError beyond the limits."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(2000 + year % 400, month + 1)[1]
    later: WideDate = widened(day_of(year, month + 1, min(day.day, last)))
    return later


def _shift_months(moment: Any, span: YearsMonths, sign: int = 1) -> Any:
    if type(moment) is WideDate:
        return months_later(moment, sign * span.months)
    later = months_later(WideDate(moment.ordinal), sign * span.months)
    return WideMoment(later.ordinal, moment.nanos, moment.tzinfo)


def _shift(moment: Any, span: WideSpan, sign: int = 1) -> Any:
    nanos = sign * span.nanos
    if type(moment) is WideDate:
        return WideDate(moment.ordinal + nanos // NANOS_PER_DAY)
    days, clock = divmod(moment.nanos + nanos, NANOS_PER_DAY)
    if type(moment) is WideTime:
        return WideTime(clock, moment.tzinfo)
    return WideMoment(moment.ordinal + days, clock, moment.tzinfo)


def _apart(a: Any, b: Any) -> int:
    """Return how many nanoseconds the first lies after the second; a day counts from its midnight."""
    a, b = _from_midnight(a), _from_midnight(b)
    if type(a) is WideMoment and (a.tzinfo or b.tzinfo):
        return instant_nanos(a) - instant_nanos(b)
    days = a.ordinal - b.ordinal if type(a) is WideMoment else 0
    nanos: int = _of_day(a) - _of_day(b)
    return days * NANOS_PER_DAY + nanos


def _from_midnight(value: Any) -> Any:
    return WideMoment(value.ordinal, 0, None) if type(value) is WideDate else value


def _of_day(value: Any) -> int:
    offset = value.tzinfo.utcoffset(datetime(2000, 1, 1)) if type(value) is WideTime and value.tzinfo else None
    return int(value.nanos) - (span_nanos(offset) if offset else 0)


def _difference(a: Any, b: Any) -> WideSpan:
    return WideSpan(_apart(a, b))


def _scaled(span: WideSpan, factor: Decimal) -> WideSpan:
    return WideSpan(int(NUMBERS.multiply(Decimal(span.nanos), factor)))


def _divided(span: WideSpan, divisor: Decimal) -> WideSpan:
    return WideSpan(int(NUMBERS.divide(Decimal(span.nanos), divisor)))


_D, _T, _M, _S, _YM, _N = WideDate, WideTime, WideMoment, WideSpan, YearsMonths, Decimal
_TABLE: Mapping[tuple[str, type, type], Callable[[Any, Any], Any]] = {
    **{("+", kind, _YM): _shift_months for kind in (_D, _M)},
    **{("+", _YM, kind): lambda a, b: _shift_months(b, a) for kind in (_D, _M)},
    **{("-", kind, _YM): lambda a, b: _shift_months(a, b, -1) for kind in (_D, _M)},
    **{("+", kind, _S): _shift for kind in (_D, _M, _T)},
    **{("+", _S, kind): lambda a, b: _shift(b, a) for kind in (_D, _M, _T)},
    **{("-", kind, _S): lambda a, b: _shift(a, b, -1) for kind in (_D, _M, _T)},
    **{("-", a, b): _difference for a, b in [(_D, _D), (_M, _M), (_D, _M), (_M, _D), (_T, _T)]},
    ("+", _S, _S): lambda a, b: WideSpan(a.nanos + b.nanos),
    ("-", _S, _S): lambda a, b: WideSpan(a.nanos - b.nanos),
    ("*", _S, _N): _scaled,
    ("*", _N, _S): lambda a, b: _scaled(b, a),
    ("/", _S, _N): _divided,
    ("/", _S, _S): lambda a, b: NUMBERS.divide(Decimal(a.nanos), Decimal(b.nanos)),
}


def wide_operation(operator: str, left: Any, right: Any) -> Callable[[Any, Any], Any] | None:
    """Return the operation on two temporal values, whether wide or not; None if there is none.

    It raises ArithmeticError or ValueError when the result is beyond FEEL's own limits.
    """
    operation = _TABLE.get((operator, type(widened(left)), type(widened(right))))
    if operation is None:
        return None
    return lambda a, b: narrowed(operation(widened(a), widened(b)))


def wide_order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 as left is before, at or after right; None unless both are of one temporal kind."""
    a, b = widened(left), widened(right)
    if type(a) is not type(b) or type(a) not in (_D, _T, _M, _S):
        return None
    apart = _apart(a, b)
    return int(apart > 0) - int(apart < 0)


def scaled(span: timedelta, factor: Decimal) -> Any:
    """Return the duration times a number, cut off after nanoseconds. Raises OverflowError beyond the limits."""
    return narrowed(_scaled(widened(span), factor))


def divided(span: timedelta, divisor: Decimal) -> Any:
    """Return the duration divided by a number, cut off after nanoseconds. Raises ArithmeticError."""
    return narrowed(_divided(widened(span), divisor))

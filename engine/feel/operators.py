"""What the operators do with two values: arithmetic of 34 digits, order, equality, membership."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI, add_months
from engine.errors import Text
from engine.feel.numbers import NUMBERS
from engine.feel.session import Failure
from engine.feel.values import Range, YearsMonths, kind_of
from engine.feel.wide import WIDE, WideSpan, WideTime
from engine.feel.wide_operators import divided, scaled, wide_operation, wide_order

_NOTHING = timedelta()
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_DEEPEST = 60
_MOST_MONTHS = 12 * 10**10
Operation = Callable[[Any, Any], Any]


def calculate(operator: str, left: Any, right: Any) -> Any:
    """Return the result of an arithmetic operator. Raises Failure when the values do not allow it."""
    operation = _TABLE.get((operator, type(left), type(right))) or wide_operation(operator, left, right)
    if operation is None:
        raise Failure(_unsuitable(operator, left, right))
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        return _beyond(operator, left, right)


def _beyond(operator: str, left: Any, right: Any) -> Any:
    """Return the result where Python's own dates and durations end. Raises Failure where FEEL's end as well."""
    operation = wide_operation(operator, left, right)
    try:
        if operation is not None:
            return operation(left, right)
    except (ArithmeticError, ValueError):
        pass
    raise Failure(_impossible(operator, right))


def _unsuitable(operator: str, left: Any, right: Any) -> Text:
    a, b = kind_of(left), kind_of(right)
    return Text(
        f"“{operator}”两边应是可运算的值，但左边是{a.zh}，右边是{b.zh}，结果为空。",
        f"Expected values that “{operator}” can combine, but found {a.en} and {b.en}, so the result is null.",
    )


def _impossible(operator: str, right: Any) -> Text:
    if operator == "/" and not right:
        return Text("除数不能为零，结果为空。", "Expected a divisor other than zero, so the result is null.")
    return Text("结果超出可表示的范围，为空。", "Expected a result within range, but it is not, so it is null.")


def instant(moment: datetime) -> datetime:
    """Return the moment in UTC, without zone; one that has none is business time, in Asia/Shanghai.

    Python itself compares and subtracts two moments of one zone as if no clock were ever put back. Raises
    OverflowError outside the years 1 to 9999.
    """
    return moment.replace(tzinfo=None) - ((moment.tzinfo or SHANGHAI).utcoffset(moment) or _NOTHING)


def _moments_apart(a: datetime, b: datetime) -> timedelta:
    if a.tzinfo is None and b.tzinfo is None:
        return a - b
    return instant(a) - instant(b)


def midnight(day: date) -> datetime:
    """Return the start of the day in business time."""
    return datetime(day.year, day.month, day.day)


def time_of_day(moment: time) -> timedelta:
    """Return how long after midnight, in UTC if the time has an offset, the moment is."""
    passed = timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
    if moment.tzinfo is None:
        return passed
    return passed - (moment.tzinfo.utcoffset(datetime.combine(date(2000, 1, 1), moment)) or timedelta())


def _shift_time(moment: time, span: timedelta) -> time:
    start = datetime(2000, 1, 1, moment.hour, moment.minute, moment.second, moment.microsecond)
    return (start + span % _DAY).time().replace(tzinfo=moment.tzinfo)


def _shift_day(day: date, span: timedelta) -> date:
    return (datetime(day.year, day.month, day.day) + span).date()


def _months(count: int) -> YearsMonths:
    if abs(count) > _MOST_MONTHS:
        raise OverflowError
    return YearsMonths(count)


def _scale_months(span: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(int(NUMBERS.multiply(Decimal(span.months), factor)))


def _ratio(a: timedelta, b: timedelta) -> Decimal:
    return NUMBERS.divide(Decimal(a // _MICROSECOND), Decimal(b // _MICROSECOND))


def _divide_months(span: YearsMonths, divisor: Decimal) -> YearsMonths:
    return _months(int(NUMBERS.divide(Decimal(span.months), divisor)))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent.adjusted()) > 40 or abs(base.adjusted()) > 6144:
        raise OverflowError
    if not base and exponent < 0:
        raise OverflowError
    return NUMBERS.power(base, exponent)


_N, _S, _D, _M, _T, _DT, _YM = Decimal, str, date, datetime, time, timedelta, YearsMonths
_TABLE: Mapping[tuple[str, type, type], Operation] = {
    ("+", _N, _N): NUMBERS.add,
    ("-", _N, _N): NUMBERS.subtract,
    ("*", _N, _N): NUMBERS.multiply,
    ("/", _N, _N): NUMBERS.divide,
    ("**", _N, _N): _power,
    ("+", _S, _S): lambda a, b: a + b,
    ("+", _DT, _DT): lambda a, b: a + b,
    ("-", _DT, _DT): lambda a, b: a - b,
    ("/", _DT, _DT): _ratio,
    ("*", _DT, _N): scaled,
    ("*", _N, _DT): lambda a, b: scaled(b, a),
    ("/", _DT, _N): divided,
    ("+", _YM, _YM): lambda a, b: _months(a.months + b.months),
    ("-", _YM, _YM): lambda a, b: _months(a.months - b.months),
    ("/", _YM, _YM): lambda a, b: NUMBERS.divide(Decimal(a.months), Decimal(b.months)),
    ("*", _YM, _N): _scale_months,
    ("*", _N, _YM): lambda a, b: _scale_months(b, a),
    ("/", _YM, _N): _divide_months,
    ("+", _D, _YM): lambda a, b: add_months(a, b.months),
    ("+", _YM, _D): lambda a, b: add_months(b, a.months),
    ("-", _D, _YM): lambda a, b: add_months(a, -b.months),
    ("+", _M, _YM): lambda a, b: add_months(a, b.months),
    ("+", _YM, _M): lambda a, b: add_months(b, a.months),
    ("-", _M, _YM): lambda a, b: add_months(a, -b.months),
    ("+", _D, _DT): _shift_day,
    ("+", _DT, _D): lambda a, b: _shift_day(b, a),
    ("-", _D, _DT): lambda a, b: _shift_day(a, -b),
    ("+", _M, _DT): lambda a, b: a + b,
    ("+", _DT, _M): lambda a, b: b + a,
    ("-", _M, _DT): lambda a, b: a - b,
    ("+", _T, _DT): _shift_time,
    ("+", _DT, _T): lambda a, b: _shift_time(b, a),
    ("-", _T, _DT): lambda a, b: _shift_time(a, -b),
    ("-", _D, _D): lambda a, b: a - b,
    ("-", _M, _M): _moments_apart,
    ("-", _M, _D): lambda a, b: _moments_apart(a, midnight(b)),
    ("-", _D, _M): lambda a, b: _moments_apart(midnight(a), b),
    ("-", _T, _T): lambda a, b: time_of_day(a) - time_of_day(b),
}


def negated(value: Any) -> Any:
    """Return the value with the other sign. Raises Failure when it is no number or duration."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is timedelta:
        return -value
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    if type(value) is WideSpan:
        return WideSpan(-value.nanos)
    kind = kind_of(value)
    raise Failure(
        Text(
            f"“-”后应是数字或时长，但它是{kind.zh}。", f"Expected a number or duration after “-”, but found {kind.en}."
        )
    )


_ORDERED = frozenset([Decimal, str, date, timedelta, YearsMonths, datetime, time])


def order(left: Any, right: Any) -> int:
    """Return -1, 0 or 1 as left is before, at or after right. Raises Failure when there is no order."""
    kind = type(left)
    if kind is not type(right) or kind not in _ORDERED:
        result = wide_order(left, right) if type(left) in WIDE or type(right) in WIDE else None
        if result is None:
            raise Failure(_incomparable(left, right))
        return result
    if kind is datetime:
        return _order_moments(left, right)
    if kind is time:
        left, right = time_of_day(left), time_of_day(right)
    return int(left > right) - int(left < right)


def _order_moments(a: datetime, b: datetime) -> int:
    try:
        apart = _moments_apart(a, b)
    except OverflowError:
        return wide_order(a, b) or 0
    return int(apart > _NOTHING) - int(apart < _NOTHING)


def _incomparable(left: Any, right: Any) -> Text:
    a, b = kind_of(left), kind_of(right)
    return Text(
        f"比较大小的两边应是同类的值，但左边是{a.zh}，右边是{b.zh}，结果为空。",
        f"Expected two values of one ordered kind, but found {a.en} and {b.en}, so the result is null.",
    )


def equal(left: Any, right: Any, spend: Callable[[int], None], depth: int = 0) -> bool | None:
    """Return whether the values are equal, or None when they are of different kinds.

    Pays one step for each item of lists and contexts. Raises Failure for values nested deeper than 60.
    """
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind in WIDE or type(right) in WIDE:
        return _equal_wide(left, right)
    if kind is not type(right):
        return None
    if kind is list or kind is dict:
        spend(1 + len(left))
        return _equal_items(left, right, spend, depth + 1)
    if kind is datetime:
        return not _order_moments(left, right)
    if kind is time:
        return (left.tzinfo is None) == (right.tzinfo is None) and time_of_day(left) == time_of_day(right)
    if kind is Range:
        ends = equal(left.low, right.low, spend) and equal(left.high, right.high, spend)
        return bool(ends) and (left.low_closed, left.high_closed) == (right.low_closed, right.high_closed)
    return bool(left == right)


def _equal_wide(left: Any, right: Any) -> bool | None:
    result = wide_order(left, right)
    if result is None:
        return None
    one_has_no_zone = (getattr(left, "tzinfo", None) is None) != (getattr(right, "tzinfo", None) is None)
    return result == 0 and not (one_has_no_zone and isinstance(left, (time, WideTime)))


def _equal_items(left: Any, right: Any, spend: Callable[[int], None], depth: int) -> bool:
    if depth > _DEEPEST:
        raise Failure(Text("比较的值嵌套过深。", "Expected values nested less deeply to compare."))
    if type(left) is dict:
        return left.keys() == right.keys() and all(equal(left[key], right[key], spend, depth) for key in left)
    return len(left) == len(right) and all(equal(a, b, spend, depth) for a, b in zip(left, right, strict=True))


def contains(area: Range, value: Any) -> bool:
    """Return whether the range holds the value. Raises Failure when they cannot be compared."""
    if type(value) is Decimal and type(area.low) is Decimal and type(area.high) is Decimal:
        above = value >= area.low if area.low_closed else value > area.low
        return above and (value <= area.high if area.high_closed else value < area.high)
    if area.low is not None:
        low = order(value, area.low)
        if low < 0 or (low == 0 and not area.low_closed):
            return False
    if area.high is not None:
        high = order(value, area.high)
        return high < 0 or (high == 0 and area.high_closed)
    return True

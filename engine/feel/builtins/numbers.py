"""Functions on numbers; all results have at most 34 digits."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.numbers import NUMBERS
from engine.feel.session import Failure, Session
from engine.feel.values import YearsMonths
from engine.feel.wide import WideSpan

_ONE = Decimal(1)
_PER_LOGARITHM, _PER_EXPONENTIAL = 30, 15
_EXACT = decimal.Context(prec=7000, traps=[decimal.InvalidOperation, decimal.Overflow])


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    if not -6111 <= scale <= 6176:
        raise Failure(Text("小数位数应在 -6111 到 6176 之间。", "Expected a scale from -6111 to 6176."))
    places = int(scale)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    return NUMBERS.plus(value.quantize(Decimal((0, (1,), -places)), rounding, _EXACT)) + 0


def _rounding(mode: str) -> Callable[..., Decimal]:
    return lambda value, scale=None: _rounded(value, Decimal(0) if scale is None else scale, mode)


def _abs(value: Any) -> Any:
    if type(value) is YearsMonths:
        return YearsMonths(abs(value.months))
    return WideSpan(abs(value.nanos)) if type(value) is WideSpan else abs(value)


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Failure(Text("除数不能为零，结果为空。", "Expected a divisor other than zero, so the result is null."))
    rest = (
        _EXACT.remainder(dividend, divisor) if abs(dividend.adjusted() - divisor.adjusted()) < 6000 else Decimal("NaN")
    )
    if rest.is_nan():
        raise Failure(Text("两数相差过大。", "Expected two numbers of closer size."))
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else NUMBERS.plus(rest)


def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise Failure(
            Text("不能对负数开方，结果为空。", "Expected a number that is not negative, so the result is null.")
        )
    return NUMBERS.sqrt(number)


def _log(session: Session, number: Decimal) -> Decimal:
    session.spend(_PER_LOGARITHM)
    if number <= 0:
        raise Failure(Text("对数的参数应大于零，结果为空。", "Expected a number above zero, so the result is null."))
    return NUMBERS.ln(number)


def _exp(session: Session, number: Decimal) -> Decimal:
    session.spend(_PER_EXPONENTIAL)
    return NUMBERS.exp(number)


def _is_odd(number: Decimal) -> bool:
    return _EXACT.remainder(number, Decimal(2)).copy_abs() == _ONE


def _is_even(number: Decimal) -> bool:
    return not _EXACT.remainder(number, Decimal(2))


def _round_entry(name: str, mode: str, zh: str, en: str, example: str) -> Builtin:
    return define(f"{name}(n: number, scale: number) -> number", _rounding(mode), Text(zh, en), example)


def _money(amount: Decimal) -> str:
    return f"{_rounding(decimal.ROUND_HALF_UP)(amount, Decimal(2)):,.2f}"


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "money(amount: number) -> string",
        _money,
        Text("金额的写法：两位小数，每三位一个逗号。", "Returns an amount with two decimals and commas between thousands."),
        'money(1790) = "1,790.00"',
    ),
    define(
        "abs(n: number | days and time duration | years and months duration)",
        _abs,
        Text("绝对值（数字或时长）。", "Returns the absolute value of a number or duration."),
        "abs(-10) = 10",
    ),
    _round_entry(
        "decimal",
        decimal.ROUND_HALF_EVEN,
        "舍入到几位小数，恰为一半时取偶数。",
        "Returns the number rounded to a scale, halves to the even digit.",
        "decimal(2.5, 0) = 2",
    ),
    _round_entry(
        "round up",
        decimal.ROUND_UP,
        "舍入到几位小数，远离零。",
        "Returns the number rounded to a scale, away from zero.",
        "round up(-5.5, 0) = -6",
    ),
    _round_entry(
        "round down",
        decimal.ROUND_DOWN,
        "舍入到几位小数，趋向零。",
        "Returns the number rounded to a scale, towards zero.",
        "round down(5.59, 1) = 5.5",
    ),
    _round_entry(
        "round half up",
        decimal.ROUND_HALF_UP,
        "四舍五入到几位小数。",
        "Returns the number rounded to a scale, halves away from zero.",
        "round half up(5.5, 0) = 6",
    ),
    _round_entry(
        "round half down",
        decimal.ROUND_HALF_DOWN,
        "五舍六入到几位小数。",
        "Returns the number rounded to a scale, halves towards zero.",
        "round half down(5.5, 0) = 5",
    ),
    define(
        "floor(n: number, scale?: number) -> number",
        _rounding(decimal.ROUND_FLOOR),
        Text("向下取整（可指定小数位数）。", "Returns the greatest number of the scale that is not above n."),
        "floor(-1.5) = -2",
    ),
    define(
        "ceiling(n: number, scale?: number) -> number",
        _rounding(decimal.ROUND_CEILING),
        Text("向上取整（可指定小数位数）。", "Returns the least number of the scale that is not below n."),
        "ceiling(1.51, 1) = 1.6",
    ),
    define(
        "modulo(dividend: number, divisor: number) -> number",
        _modulo,
        Text("余数，符号同除数。", "Returns the remainder, which has the sign of the divisor."),
        "modulo(-12, 5) = 3",
    ),
    define(
        "sqrt(number: number) -> number",
        _sqrt,
        Text("平方根。", "Returns the square root."),
        "sqrt(16) = 4",
    ),
    define(
        "log(number: number) -> number",
        _log,
        Text("自然对数。", "Returns the natural logarithm."),
        "log(1) = 0",
        with_session=True,
    ),
    define(
        "exp(number: number) -> number",
        _exp,
        Text("自然指数。", "Returns e to the power of the number."),
        "exp(0) = 1",
        with_session=True,
    ),
    define(
        "odd(number: number) -> boolean", _is_odd, Text("是否奇数。", "Returns whether the number is odd."), "odd(5)"
    ),
    define(
        "even(number: number) -> boolean",
        _is_even,
        Text("是否偶数。", "Returns whether the number is even."),
        "even(4)",
    ),
)

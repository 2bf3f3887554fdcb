"""Functions that make one value of many; each takes a list or the values themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.numbers import NUMBERS
from engine.feel.operators import calculate, order
from engine.feel.session import Failure, Session
from engine.feel.values import YearsMonths
from engine.feel.wide import WideSpan

_SUMMED = (Decimal, timedelta, WideSpan, YearsMonths)


def _listed(values: list[Any]) -> list[Any]:
    return values[0] if len(values) == 1 and type(values[0]) is list else values


def _numbers(session: Session, values: list[Any]) -> list[Decimal]:
    items = _listed(values)
    session.spend(len(items))
    if any(type(item) is not Decimal for item in items):
        raise Failure(Text("应只有数字，结果为空。", "Expected numbers only, so the result is null."))
    return items


def _extreme(sign: int) -> Callable[[Session, list[Any]], Any]:
    def find(session: Session, values: list[Any]) -> Any:
        items = _listed(values)
        session.spend(len(items))
        if not items:
            return None
        # The first is compared with itself, so that one value of no order is refused as several would be.
        return reduce(lambda a, b: b if order(b, a) == sign else a, items, items[0])

    return find


def _sum(session: Session, values: list[Any]) -> Any:
    items = _listed(values)
    session.spend(len(items))
    if any(type(item) not in _SUMMED for item in items):
        raise Failure(
            Text("应只有数字或时长，结果为空。", "Expected numbers or durations only, so the result is null.")
        )
    return reduce(lambda a, b: calculate("+", a, b), items) if items else None


def _mean(session: Session, values: list[Any]) -> Any:
    items = _listed(values)
    return calculate("/", _sum(session, [items]), Decimal(len(items))) if items else None


def _product(session: Session, values: list[Any]) -> Decimal | None:
    numbers = _numbers(session, values)
    return reduce(NUMBERS.multiply, numbers) if numbers else None


def _median(session: Session, values: list[Any]) -> Decimal | None:
    numbers = sorted(_numbers(session, values))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _stddev(session: Session, values: list[Any]) -> Decimal | None:
    numbers = _numbers(session, values)
    if len(numbers) < 2:
        raise Failure(Text("应至少有两个数字，结果为空。", "Expected at least two numbers, so the result is null."))
    mean = NUMBERS.divide(reduce(NUMBERS.add, numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(number, mean), Decimal(2)) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(numbers) - 1)))


def _mode(session: Session, values: list[Any]) -> list[Decimal]:
    counts = Counter(_numbers(session, values))
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _every(values: list[Any]) -> bool | None:
    return _decide(_listed(values), False)


def _some(values: list[Any]) -> bool | None:
    return _decide(_listed(values), True)


def _decide(items: list[Any], deciding: bool) -> bool | None:
    if any(item is deciding for item in items):
        return deciding
    return None if any(type(item) is not bool for item in items) else not deciding


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "min(list*)",
        _extreme(-1),
        Text("最小值。", "Returns the least value."),
        "min([3, 1, 2]) = 1",
        with_session=True,
    ),
    define(
        "max(list*)",
        _extreme(1),
        Text("最大值。", "Returns the greatest value."),
        "max(3, 1, 2) = 3",
        with_session=True,
    ),
    define("sum(list*)", _sum, Text("总和。", "Returns the sum."), "sum([1, 2, 3]) = 6", with_session=True),
    define("mean(list*)", _mean, Text("平均值。", "Returns the mean."), "mean([1, 2, 3]) = 2", with_session=True),
    define(
        "product(list*) -> number",
        _product,
        Text("乘积。", "Returns the product."),
        "product([2, 3, 4]) = 24",
        with_session=True,
    ),
    define(
        "median(list*) -> number",
        _median,
        Text("中位数。", "Returns the median."),
        "median([6, 1, 2, 3]) = 2.5",
        with_session=True,
    ),
    define(
        "stddev(list*) -> number",
        _stddev,
        Text("样本标准差。", "Returns the standard deviation of a sample."),
        "stddev([2, 4, 7, 5]) = 2.081665999466132735282297706979931",
        with_session=True,
    ),
    define(
        "mode(list*) -> list",
        _mode,
        Text("众数。", "Returns the values that occur most."),
        "mode([6, 3, 9, 6, 6]) = [6]",
        with_session=True,
    ),
    define(
        "all(list*) -> boolean",
        _every,
        Text("是否全部为真。", "Returns whether all items are true."),
        "all([true, true])",
    ),
    define(
        "any(list*) -> boolean",
        _some,
        Text("是否有一项为真。", "Returns whether one item is true."),
        "any([false, true])",
    ),
)

"""Years beyond 9999 and before 1, nanoseconds and long spans continue what Python's own types can hold."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI, YearsMonths
from engine.feel import evaluate, examine
from engine.feel.operators import calculate, order
from engine.feel.wide import WIDE, day_of, narrowed, widened
from engine.feel.wide_operators import wide_operation, wide_order

DAYS = st.dates(date(1000, 1, 1), date(3000, 12, 31))
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(3000, 12, 31))
ZONES = st.sampled_from([SHANGHAI, ZoneInfo("UTC")])
# FEEL has no word for the second of two hours of the same name.
ZONED = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=ZONES).map(lambda found: found.replace(fold=0))
SPANS = st.timedeltas(timedelta(days=-9000), timedelta(days=9000))
MONTHS = st.integers(-2000, 2000).map(YearsMonths)
YEARS = st.integers(-999_999_000, 999_999_000)

TRUE = [
    'string(date("10000-02-29")) = "10000-02-29"',
    'date("-0044-03-15").year = -44 and date("0000-02-29").day = 29',
    'date("9999-12-31") + @"P1D" = date("10000-01-01")',
    'date("10000-01-01") - @"P1D" = date("9999-12-31") and (date("10000-01-01") - @"P1D") instance of date',
    'date("0001-01-01") - @"P1Y" = date("0000-01-01")',
    'date("10000-03-31") + @"P1M" = date("10000-04-30")',
    'date("10000-01-01") - date("9999-12-31") = @"P1D"',
    'date("-0001-12-31") < date("0001-01-01") and date("12026-01-01") > date("2026-01-01")',
    'date("12026-09-24") in [date("2026-01-01")..date("99999-01-01")]',
    'string(date("999999999-12-31") - date("-999999999-01-01")) = "P730484999633D"',
    'date(-2017, 12, 31) = date("-2017-12-31")',
    'day of week(date("12026-09-24")) = day of week(date("2026-09-24"))',
    'last day of month(date("12000-02-10")) = date("12000-02-29")',
    '(for d in date("9999-12-31")..date("10000-01-02") return d.day) = [31, 1, 2]',
    'string(@"12026-09-24T20:00:00@Asia/Shanghai") = "12026-09-24T20:00:00@Asia/Shanghai"',
    '@"12026-09-24T20:00:00Z" = @"12026-09-25T04:00:00+08:00"',
    '@"12026-09-24T20:00:00Z".time offset = @"PT0S" and @"12026-09-24T20:00:00@Asia/Shanghai".time offset = @"PT8H"',
    '@"12026-09-24T20:00:00Z".hour = 20 and date(@"12026-09-24T20:00:00Z") = @"12026-09-24"',
    'date and time(@"12026-09-24", @"20:00:00") = @"12026-09-24T20:00:00"',
    '@"9999-12-31T23:59:59" + @"PT1S" = @"10000-01-01T00:00:00"',
    '@"12026-01-31T20:00:00" + @"P1M" = @"12026-02-28T20:00:00"',
    'string(@"20:00:00.123456789") = "20:00:00.123456789" and @"20:00:00.123456789".second = 0',
    'time(20, 0, 1.000000001) = @"20:00:01.000000001"',
    '@"20:00:00.123456789" + @"PT0.000000211S" = @"20:00:00.123457"',
    '@"2026-01-01T00:00:00.000000001" - @"2026-01-01T00:00:00" = @"PT0.000000001S"',
    '@"P1D" / 7 * 7 < @"P1D" and string(@"P1D" / 7) = "PT3H25M42.857142857S"',
    '-@"PT0.000000001S" < @"PT0S" and abs(@"-PT0.000000001S") = @"PT0.000000001S"',
    'sum([@"PT0.000000001S", @"PT1S"]) = @"PT1.000000001S"',
    '@"PT1.5S" * 0.000000001 = @"PT0.000000001S" and @"PT0.000000003S" / @"PT0.000000001S" = 3',
    '@"24:00:00" = @"00:00:00" and @"2026-12-31T24:00:00" = @"2027-01-01T00:00:00"',
    '@"12026-01-01" instance of date and @"PT0.000000001S" instance of days and time duration',
    'is(@"12026-01-01", @"12026-01-01") and not(is(@"12026-01-01", @"2026-01-01"))',
    'years and months duration(@"2014-12-31", @"-2019-10-01") = @"-P4033Y2M"',
    '@"12026-01-01" = 1 = null',
]


@pytest.mark.parametrize("text", TRUE)
def test_holds(text: str) -> None:
    evaluation = examine(text, {})
    assert evaluation.value is True, evaluation.problems


@pytest.mark.parametrize(
    "text",
    [
        'date("10000-02-30")',
        'date("010000-01-01")',
        'date("-0000-01-01")',
        'date("1000000000-01-01")',
        'date("999999999-12-31") + @"P1D"',
        'date("-999999999-01-01") - @"P1M"',
        'date("12026-01-01") < @"12026-01-01T00:00:00"',
        'time("24:00:01")',
        'date and time("999999999-12-31T24:00:00")',
        'time("10:00:00+14:01")',
        'time(10, 0, 0, @"PT15H")',
        'workdays after(date("12026-01-01"), 1)',
        'duration("P1D") * 1e30',
        'duration("P1Y") * 1e30',
    ],
)
def test_beyond_the_limits_is_null_with_a_problem(text: str) -> None:
    evaluation = examine(text, {})
    assert evaluation.value is None
    assert len(evaluation.problems) == 1


@given(st.sampled_from("+-"), DAYS | MOMENTS | ZONED | st.times(), SPANS | MONTHS)
def test_wide_arithmetic_is_that_of_datetime(operator: str, moment: Any, span: Any) -> None:
    operation = wide_operation(operator, moment, span)
    assert (operation is None) == (type(moment) is time and type(span) is YearsMonths)
    if operation is not None:
        assert operation(moment, span) == calculate(operator, moment, span)


@given(st.sampled_from([DAYS, MOMENTS, ZONED, st.times(), SPANS]).flatmap(lambda kind: st.tuples(kind, kind)))
def test_wide_differences_and_order_are_those_of_datetime(pair: tuple[Any, Any]) -> None:
    one, other = pair
    operation = wide_operation("-", one, other)
    assert operation is not None
    assert operation(one, other) == calculate("-", one, other)
    assert wide_order(one, other) == order(one, other)


@given(DAYS | MOMENTS | ZONED | st.times() | SPANS)
def test_widening_loses_nothing_and_is_undone(value: Any) -> None:
    assert type(widened(value)) in WIDE
    assert narrowed(widened(value)) == value


@given(YEARS, st.integers(1, 12), st.integers(1, 28), st.integers(-10_000, 10_000))
def test_the_calendar_repeats_after_400_years(year: int, month: int, day: int, days: int) -> None:
    context = {"a": day_of(year, month, day), "b": day_of(year % 400 + 2000, month, day), "s": timedelta(days=days)}
    assert evaluate("[a.year, a.month, a.day]", context) == [year, month, day]
    assert evaluate("a.weekday = b.weekday and week of year(a) = week of year(b)", context) is True
    assert evaluate("(a + s).month = (b + s).month and (a + s).day = (b + s).day", context) is True
    assert evaluate("a + s - a = s and a + s - s = a", context) is True
    assert evaluate("date(string(a)) = a", context) is True


@given(ZONED, st.integers(0, 999))
def test_nanoseconds_survive(moment: datetime, nanos: int) -> None:
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}{nanos:03}@{moment.tzinfo}"
    assert evaluate(
        "date and time(t) - date and time(u)", {"t": text, "u": text[: text.index(".")] + text[text.index("@") :]}
    ) == evaluate("duration(d)", {"d": f"PT0.{moment.microsecond:06}{nanos:03}S"})
    assert evaluate("date and time(string(date and time(t))) = date and time(t)", {"t": text}) is True

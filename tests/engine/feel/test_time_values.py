"""Dates and durations agree with the machine's calendar; months are clamped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI, YearsMonths, add_months
from engine.feel import Environment, evaluate, examine

DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MOMENTS = st.datetimes(datetime(1992, 1, 1), datetime(2200, 12, 31))
SPANS = st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000))


@given(DATES, DATES)
def test_dates(a: date, b: date) -> None:
    context = {"a": a, "b": b}
    assert evaluate("a - b", context) == a - b
    assert evaluate("a < b", context) is (a < b)
    assert evaluate("date(string(a)) = a", context) is True
    assert evaluate("date(a.year, a.month, a.day) = a", context) is True
    assert evaluate("a.weekday", context) == a.isoweekday()
    assert evaluate("day of year(a)", context) == a.timetuple().tm_yday


@given(MOMENTS, SPANS)
def test_moments(moment: datetime, span: timedelta) -> None:
    context = {"m": moment, "s": span}
    assert evaluate("m + s", context) == moment + span
    assert evaluate("m + s - m = s", context) is True
    assert evaluate("date and time(string(m)) = m", context) is True
    assert evaluate("duration(string(s)) = s", context) is True


@given(MOMENTS, MOMENTS)
def test_a_moment_without_zone_is_business_time(a: datetime, b: datetime) -> None:
    aware = b.replace(tzinfo=SHANGHAI)
    instants = [moment.replace(tzinfo=SHANGHAI).astimezone(UTC) for moment in (a, b)]
    assert evaluate("a < b", {"a": a, "b": aware}) is (instants[0] < instants[1])
    assert evaluate("a - b", {"a": a, "b": aware}) == instants[0] - instants[1]


def test_an_hour_the_clock_skips_or_repeats_is_counted_as_it_passes() -> None:
    spring = '@"2021-03-28T04:00:00@Europe/Paris" - @"2021-03-28T01:00:00@Europe/Paris"'
    assert evaluate(spring, {}) == timedelta(hours=2)
    assert evaluate('@"2021-10-31T02:30:00@Europe/Paris" = @"2021-10-31T00:30:00Z"', {}) is True
    assert evaluate('@"1986-05-04T00:00:00" - @"1986-05-03T00:00:00"', {}) == timedelta(days=1)


@given(DATES, st.integers(-1000, 1000))
def test_months_are_clamped(day: date, months: int) -> None:
    context = {"d": day, "m": YearsMonths(months)}
    assert evaluate("d + m", context) == add_months(day, months)
    assert evaluate("duration(string(m)) = m", context) is True
    assert evaluate("m * 2 / 2 = m", context) is True


@given(DATES, DATES)
def test_years_and_months_between_reach_but_never_pass_the_later_date(a: date, b: date) -> None:
    start, end = sorted((a, b))
    months = evaluate("years and months duration(a, b)", {"a": start, "b": end})
    assert months.months >= 0
    whole = (end.year - start.year) * 12 + end.month - start.month
    assert months.months == (whole if end.day >= start.day else whole - 1) or months.months == whole == 0


@given(st.times(), st.integers(-100_000, 100_000))
def test_times_go_round_the_clock(moment: time, seconds: int) -> None:
    moved = (datetime.combine(date(2000, 6, 1), moment) + timedelta(seconds=seconds)).time()
    assert evaluate("t + s", {"t": moment, "s": timedelta(seconds=seconds)}) == moved


@pytest.mark.parametrize(
    "text",
    [
        'date("2026-02-30")',
        'date("26-02-01")',
        'date("x")',
        "date(2026, 13, 1)",
        'time("25:00:00")',
        'time("10:00:00@No/Where")',
        'time("10:00:00@../../etc/passwd")',
        'date and time("2026-09-24 20:00:00")',
        'duration("P1M2D")',
        'duration("P")',
        'date("999999999-12-31") + duration("P1D")',
        'date("-999999999-01-01") - duration("P1M")',
        'date("2026-01-01") + 1',
        'duration("P1M") + duration("P1D")',
        'duration("P1M") < duration("P31D")',
        '@"nonsense"',
    ],
)
def test_what_is_no_time_is_null_with_a_problem(text: str) -> None:
    evaluation = examine(text, {})
    assert evaluation.value is None
    assert evaluation.problems[0].message.zh
    assert evaluation.problems[0].message.en.startswith("Expected")


def test_now_and_today_are_those_of_the_environment(environment: Environment) -> None:
    assert evaluate("now()", {}, environment) == environment.now
    assert evaluate("today()", {}, environment) == date(2026, 9, 24)
    assert evaluate('age(date("2008-09-24"))', {}, environment) == Decimal(18)
    assert evaluate('age(date("2008-09-25"))', {}, environment) == Decimal(17)
    assert evaluate('age on(date("2008-02-29"), date("2026-02-28"))', {}, environment) == Decimal(17)

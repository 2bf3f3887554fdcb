"""Functions that make and take apart dates, times and durations."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI
from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.session import Failure, Session
from engine.feel.temporal import parse_date, parse_duration, parse_moment, parse_time, zone_at
from engine.feel.values import YearsMonths
from engine.feel.wide import (
    NANOS_PER_SECOND,
    WideDate,
    WideMoment,
    WideTime,
    clock_nanos,
    clock_part,
    day_of,
    day_part,
    like,
    moment_of,
    narrowed,
)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value() or abs(number) > 10**9:
        raise Failure(Text("应是整数，结果为空。", "Expected an integer, so the result is null."))
    return int(number)


def _date(value: Any) -> date | WideDate:
    if type(value) is str:
        return parse_date(value)
    return day_part(value) if isinstance(value, (datetime, WideMoment)) else value


def _date_of(year: Decimal, month: Decimal, day: Decimal) -> date | WideDate:
    return day_of(_whole(year), _whole(month), _whole(day))


def _moment(value: Any) -> datetime | WideMoment:
    if type(value) is str:
        return parse_moment(value)
    return moment_of(value, time()) if type(value) in (date, WideDate) else value


def _moment_of(day: Any, at: time | WideTime) -> datetime | WideMoment:
    return moment_of(_date(day), at)


def _time(value: Any) -> time | WideTime:
    if isinstance(value, (datetime, WideMoment)):
        return clock_part(value)
    if type(value) in (date, WideDate):
        return time(tzinfo=UTC)
    return parse_time(value) if type(value) is str else value


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time | WideTime:
    nanos = int(second * NANOS_PER_SECOND)
    zone = None if offset is None else zone_at(offset)
    whole = time(_whole(hour), _whole(minute), nanos // NANOS_PER_SECOND, tzinfo=zone)
    at: time | WideTime = narrowed(WideTime(clock_nanos(whole) + nanos % NANOS_PER_SECOND, zone))
    return at


def _months_between(start: Any, end: Any) -> YearsMonths:
    """Times of day do not count, as the standard's compatibility tests have it: only the calendar dates do."""
    first, last = _date(start), _date(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


def _now(session: Session) -> datetime:
    return session.environment.now.astimezone(SHANGHAI)


def _today(session: Session) -> date:
    return _now(session).date()


def _day_of_year(day: Any) -> Decimal:
    return Decimal(_like(day).timetuple().tm_yday)


def _last_day(day: Any) -> date | WideDate:
    first = _date(day)
    return day_of(first.year, first.month, monthrange(_like(day).year, first.month)[1])


def _like(day: Any) -> date:
    return like(_date(day))


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "date(from: string | date | date and time) -> date",
        _date,
        Text("读作日期，或取日期部分。", "Returns the date that a string writes, or that of a date and time."),
        'date("2026-01-31") + duration("P1M") = date("2026-02-28")',
    ),
    define(
        "date(year: number, month: number, day: number) -> date",
        _date_of,
        Text("由年、月、日组成日期。", "Returns the date of a year, month and day."),
        'date(2026, 9, 24) = date("2026-09-24")',
    ),
    define(
        "date and time(from: string | date | date and time) -> date and time",
        _moment,
        Text("读作日期时间。", "Returns the date and time that a string writes."),
        'date and time("2026-09-24T20:00:00").hour = 20',
    ),
    define(
        "date and time(date: date | date and time, time: time) -> date and time",
        _moment_of,
        Text("由日期和时间组成日期时间。", "Returns a date and a time as one."),
        'date and time(@"2026-09-24", @"20:00:00") = @"2026-09-24T20:00:00"',
    ),
    define(
        "time(from: string | time | date | date and time) -> time",
        _time,
        Text("读作时间，或取时间部分。", "Returns the time that a string writes, or that of a date and time."),
        'time("20:00:00").hour = 20',
    ),
    define(
        "time(hour: number, minute: number, second: number, offset?: days and time duration | null) -> time",
        _time_of,
        Text("由时、分、秒组成时间。", "Returns the time of an hour, minute and second."),
        'time(20, 0, 0) = time("20:00:00")',
    ),
    define(
        "duration(from: string | days and time duration | years and months duration)",
        lambda value: parse_duration(value) if type(value) is str else value,
        Text("读作时长。", "Returns the duration that a string writes."),
        'duration("P3D").days = 3',
    ),
    define(
        "years and months duration(from: date | date and time, to: date | date and time) -> years and months duration",
        _months_between,
        Text("两个日期之间的整年整月。", "Returns the whole years and months between two dates."),
        'years and months duration(@"2011-12-22", @"2013-08-24") = duration("P1Y8M")',
    ),
    define(
        "now() -> date and time",
        _now,
        Text("当前业务时间（上海时区）。", "Returns the business time, in Shanghai."),
        "date(now()) = today()",
        with_session=True,
    ),
    define(
        "today() -> date",
        _today,
        Text("当前业务日期。", "Returns the business date."),
        "today() instance of date",
        with_session=True,
    ),
    define(
        "day of year(date: date | date and time) -> number",
        _day_of_year,
        Text("一年中的第几天。", "Returns the number of the day in its year."),
        "day of year(date(2026, 2, 1)) = 32",
    ),
    define(
        "day of week(date: date | date and time) -> string",
        lambda day: _DAYS[_like(day).weekday()],
        Text("星期几（英文）。", "Returns the day of the week."),
        'day of week(date(2026, 9, 24)) = "Thursday"',
    ),
    define(
        "month of year(date: date | date and time) -> string",
        lambda day: _MONTHS[_like(day).month - 1],
        Text("月份（英文）。", "Returns the month's name."),
        'month of year(date(2026, 9, 24)) = "September"',
    ),
    define(
        "week of year(date: date | date and time) -> number",
        lambda day: Decimal(_like(day).isocalendar().week),
        Text("一年中的第几周(ISO)。", "Returns the number of the week, by ISO 8601."),
        "week of year(date(2026, 1, 5)) = 2",
    ),
    define(
        "last day of month(date: date | date and time) -> date",
        _last_day,
        Text("当月最后一天。", "Returns the last day of the month."),
        "last day of month(date(2026, 2, 1)) = date(2026, 2, 28)",
    ),
)

"""Dates and times that Python's own types cannot hold: years outside 1 to 9999, nanoseconds, longer spans.

A value is wide only if it has to be: whatever ``date``, ``datetime``, ``time`` or ``timedelta`` can hold is one of
those, so that wide values cost nothing where they do not occur.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from engine.clock import SHANGHAI

NANOS_PER_SECOND = 10**9
NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND
GREATEST_YEAR = 999_999_999
LONGEST_SPAN = 10**12 * NANOS_PER_DAY
# The Gregorian calendar repeats itself, weekdays included, after this many years and days.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_BASE = date(2000, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day of any year, counted as ``date.toordinal`` counts: 1 is 0001-01-01."""

    ordinal: int

    @property
    def like(self) -> date:
        """The day of the years 2000 to 2399 with the same month, day and weekday."""
        return date.fromordinal(_BASE + (self.ordinal - _BASE) % _CYCLE_DAYS)

    @property
    def year(self) -> int:
        """The year; 0 is the year before 1."""
        return self.like.year + (self.ordinal - _BASE) // _CYCLE_DAYS * _CYCLE_YEARS

    @property
    def month(self) -> int:
        """The month, 1 to 12."""
        return self.like.month

    @property
    def day(self) -> int:
        """The day of the month."""
        return self.like.day


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day in nanoseconds since midnight."""

    nanos: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time: the day as ``WideDate`` counts it, nanoseconds since its midnight, and the zone."""

    ordinal: int
    nanos: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideSpan:
    """A days and time duration in nanoseconds."""

    nanos: int


WIDE = (WideDate, WideTime, WideMoment, WideSpan)


def clock_nanos(moment: time | datetime) -> int:
    """Return the nanoseconds since midnight."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return seconds * NANOS_PER_SECOND + moment.microsecond * 1000


def span_nanos(span: timedelta) -> int:
    """Return the nanoseconds of a duration."""
    return (span.days * 86_400 + span.seconds) * NANOS_PER_SECOND + span.microseconds * 1000


_WIDEN: Mapping[type, Callable[[Any], Any]] = {
    date: lambda day: WideDate(day.toordinal()),
    time: lambda moment: WideTime(clock_nanos(moment), moment.tzinfo),
    datetime: lambda moment: WideMoment(moment.toordinal(), clock_nanos(moment), moment.tzinfo),
    timedelta: lambda span: WideSpan(span_nanos(span)),
}


def widened(value: Any) -> Any:
    """Return a date, time, date and time or duration as the wide type of its kind; anything else as it is."""
    widen = _WIDEN.get(type(value))
    return value if widen is None else widen(value)


def counted_day(ordinal: int) -> date | WideDate:
    """Return the day that ``date.toordinal`` counts so. Raises OverflowError beyond FEEL's own limits."""
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST_DAY else narrowed(WideDate(ordinal))


def _narrow_date(day: WideDate) -> date | WideDate:
    return date.fromordinal(day.ordinal) if 1 <= day.ordinal <= _LAST_DAY else day


def _narrow_time(moment: WideTime) -> time | WideTime:
    seconds, nanos = divmod(moment.nanos, NANOS_PER_SECOND)
    if nanos % 1000:
        return moment
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanos // 1000, moment.tzinfo)


def _narrow_moment(moment: WideMoment) -> datetime | WideMoment:
    day, clock = narrowed(WideDate(moment.ordinal)), narrowed(WideTime(moment.nanos, moment.tzinfo))
    near = type(day) is date and type(clock) is time
    return datetime.combine(day, clock) if near else moment


def _narrow_span(span: WideSpan) -> timedelta | WideSpan:
    days, nanos = divmod(span.nanos, NANOS_PER_DAY)
    if nanos % 1000 or abs(days) > timedelta.max.days:
        return span
    return timedelta(days=days, microseconds=nanos // 1000)


_NARROW: Mapping[type, Callable[[Any], Any]] = {
    WideDate: _narrow_date,
    WideTime: _narrow_time,
    WideMoment: _narrow_moment,
    WideSpan: _narrow_span,
}


def narrowed(value: Any) -> Any:
    """Return the value as Python's own type if that can hold it. Raises OverflowError beyond FEEL's own limits."""
    kind = type(value)
    if kind in (WideDate, WideMoment) and abs(WideDate(value.ordinal).year) > GREATEST_YEAR:
        raise OverflowError
    if kind is WideSpan and abs(value.nanos) > LONGEST_SPAN:
        raise OverflowError
    narrow = _NARROW.get(kind)
    return value if narrow is None else narrow(value)


def day_of(year: int, month: int, day: int) -> date | WideDate:
    """Return the day of a year from -999,999,999 to 999,999,999. Raises ValueError when there is none."""
    if 1 <= year <= 9999:
        return date(year, month, day)
    if abs(year) > GREATEST_YEAR:
        raise ValueError(f"Expected a year of at most nine digits, but found {str(year)[:12]}")
    cycles, rest = divmod(year - 2000, _CYCLE_YEARS)
    return WideDate(date(2000 + rest, month, day).toordinal() + cycles * _CYCLE_DAYS)


def next_day(day: date | WideDate) -> date | WideDate:
    """Return the day after. Raises OverflowError beyond FEEL's last."""
    following: date | WideDate = narrowed(WideDate(widened(day).ordinal + 1))
    return following


def moment_of(day: date | WideDate, clock: time | WideTime) -> datetime | WideMoment:
    """Return a day and a time of day as one."""
    if type(day) is date and type(clock) is time:
        return datetime.combine(day, clock)
    wide, at = widened(day), widened(clock)
    return WideMoment(wide.ordinal, at.nanos, at.tzinfo)


def day_part(moment: datetime | WideMoment) -> date | WideDate:
    """Return the date of a date and time."""
    return moment.date() if isinstance(moment, datetime) else _narrow_date(WideDate(moment.ordinal))


def clock_part(moment: datetime | WideMoment) -> time | WideTime:
    """Return the time of day of a date and time, with its zone."""
    return moment.timetz() if isinstance(moment, datetime) else _narrow_time(WideTime(moment.nanos, moment.tzinfo))


def like(day: Any) -> date:
    """Return a date with the same month, day, weekday and length of year, whose year Python can hold."""
    if isinstance(day, date):
        return day
    return WideDate(day.ordinal).like


def offset_nanos(moment: WideMoment) -> int:
    """Return the offset from UTC in nanoseconds; a moment without zone is business time, in Asia/Shanghai."""
    zone = moment.tzinfo or SHANGHAI
    return span_nanos(zone.utcoffset(_neighbour(moment)) or timedelta())


def _neighbour(moment: WideMoment) -> datetime:
    """Return a moment that Python can hold and whose zone has the same offset: zones' rules do not change out there."""
    seconds = timedelta(seconds=moment.nanos // NANOS_PER_SECOND)
    if moment.ordinal < 1:
        return datetime(1, 1, 2)
    if moment.ordinal > date.max.toordinal():
        return datetime.combine(like(moment), time()) + seconds
    return datetime.combine(date.fromordinal(moment.ordinal), time()) + seconds


def instant_nanos(moment: WideMoment) -> int:
    """Return where the moment lies on the line of time, in nanoseconds of UTC."""
    return moment.ordinal * NANOS_PER_DAY + moment.nanos - offset_nanos(moment)

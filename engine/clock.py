"""Business time, working days and the due times of timers; everything here is a function of its arguments."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
LONGEST_COUNT = 25_000
LONGEST_WAIT = timedelta(days=36_525)
SHORTEST_PERIOD = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The announced days off and make-up workdays of one year."""

    off_days: frozenset[date]
    makeup_workdays: frozenset[date]
    provisional: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Announced years; any other year has weekends and the fixed statutory days only, provisionally."""

    years: Mapping[int, CalendarYear]

    def is_workday(self, day: date) -> bool:
        """Return whether offices work on the day."""
        year = self.years.get(day.year)
        if year is None:
            return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS
        if day in year.off_days:
            return False
        return day.weekday() < 5 or day in year.makeup_workdays

    def is_provisional(self, first: date, last: date) -> bool:
        """Return whether the days between touch a year that is not announced for good; the order does not matter."""
        low, high = sorted((first.year, last.year))
        years = (self.years.get(number) for number in range(low, high + 1))
        return any(year is None or year.provisional for year in years)


def workdays_after(calendar: Calendar, start: date, days: int) -> date:
    """Return the n-th working day after the start (before it for negative n); the start itself is not counted.

    Raises ValueError beyond 25,000 days or the calendar's end.
    """
    if abs(days) > LONGEST_COUNT:
        raise ValueError(f"Expected at most {LONGEST_COUNT} working days, but {days} were asked for")
    day, left, step = start, abs(days), timedelta(days=1 if days >= 0 else -1)
    try:
        while left:
            day += step
            left -= calendar.is_workday(day)
    except OverflowError:
        raise ValueError("Expected a day between the years 1 and 9999, but counting went beyond it") from None
    return day


def workdays_between(calendar: Calendar, a: date, b: date) -> int:
    """Return how many working days lie after ``a`` up to and including ``b``; negative when ``b`` is earlier.

    Raises ValueError for more than 100 years.
    """
    if b < a:
        return -workdays_between(calendar, b, a)
    span = (b - a).days
    if span > LONGEST_WAIT.days:
        raise ValueError("Expected two days within 100 years of each other, but they are further apart")
    return sum(calendar.is_workday(a + timedelta(days=n)) for n in range(1, span + 1))


def start_of_day(day: date) -> datetime:
    """Return 00:00 Asia/Shanghai of the day."""
    return datetime.combine(day, time(), SHANGHAI)


def end_of_day(day: date) -> datetime:
    """Return 24:00 Asia/Shanghai of the day, which is 00:00 of the next."""
    return start_of_day(day + timedelta(days=1))


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day if it is shorter; keeps the time of a datetime.

    Raises ValueError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"Expected a year between 1 and 9999, but it would be {str(year)[:12]}")
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


class Clock(Protocol):
    """Where commands get the time from."""

    def now(self) -> datetime:
        """Return business time, aware, in Asia/Shanghai."""

    def wall(self) -> datetime:
        """Return the machine's time, aware, in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock; business time is shifted by ``offset`` (the demo's clock control)."""

    offset: Callable[[], timedelta] = timedelta

    def now(self) -> datetime:
        """Return business time: the machine's time plus the offset."""
        return self.wall() + self.offset()

    def wall(self) -> datetime:
        """Return the machine's time in Asia/Shanghai."""
        return datetime.now(UTC).astimezone(SHANGHAI)


class FixedClock:
    """A clock that moves only when told to, for rehearsals and tests."""

    def __init__(self, now: datetime) -> None:
        self._now = _local(now)

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self._now

    def wall(self) -> datetime:
        """Return the time it was set to."""
        return self._now

    def advance(self, span: timedelta) -> datetime:
        """Move the clock by the span; return the new time."""
        self._now += span
        return self._now

    def set(self, now: datetime) -> None:
        """Move the clock to a time; a naive one is in Asia/Shanghai."""
        self._now = _local(now)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of whole months, whose length in days depends on where it starts."""

    months: int


@dataclass(frozen=True, slots=True)
class Duration:
    """An ISO 8601 duration: whole months and a fixed span."""

    months: int
    span: timedelta

    def add(self, moment: datetime, times: int = 1) -> datetime:
        """Return the moment moved n durations on; months first, a missing day becomes the month's last.

        Raises ValueError outside the years 1 to 9999.
        """
        try:
            return _datetime(add_months(moment, self.months * times)) + self.span * times
        except OverflowError:
            raise ValueError("Expected a time before the year 9999, but the duration reaches beyond it") from None


_DURATION = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)


def parse_duration(text: str) -> Duration:
    """Return the ISO 8601 duration that the text writes, such as ``P1Y2M3DT4H5M6S``. Raises ValueError otherwise."""
    match = _DURATION.fullmatch(text.strip()) if len(text) <= 100 else None
    if match is None:
        raise ValueError(f"Expected a duration such as P3D or PT12H, but found {text[:40]!r}")
    years, months, weeks, days, hours, minutes = (int(match[n] or 0) for n in range(2, 8))
    sign = -1 if match[1] else 1
    try:
        span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(match[8] or 0))
    except OverflowError:
        raise ValueError(f"Expected a shorter duration, but found {text[:40]!r}") from None
    return Duration(sign * (years * 12 + months), sign * span)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer fires and what it needs to fire again.

    The due time is the anchor plus ``fired + 1`` periods; ``fired`` is -1 when the first firing is the anchor itself.
    ``remaining`` counts this firing too; None is without end.
    """

    due: datetime
    anchor: datetime
    period: str | None = None
    fired: int = 0
    remaining: int | None = 1
    until: datetime | None = None
    provisional: bool = False


TimerValue = str | date | timedelta | YearsMonths | Duration


def plan(kind: Literal["date", "duration", "cycle"], value: TimerValue, now: datetime) -> Schedule:
    """Return the first firing of a timer. Raises ValueError for anything unreadable, endless or beyond 100 years."""
    now = _local(now)
    if kind == "date":
        schedule = Schedule(due=_moment(value), anchor=now)
    elif kind == "duration":
        schedule = Schedule(due=_positive(value).add(now), anchor=now)
    else:
        schedule = _first_of_cycle(value, now)
    if schedule.due - now > LONGEST_WAIT:
        raise ValueError(f"Expected a timer within 100 years, but it would fire at {schedule.due:%Y-%m-%d}")
    return schedule


def following(schedule: Schedule) -> Schedule | None:
    """Return the next firing of a cycle, or None when this was the last. Raises ValueError beyond the year 9999."""
    if schedule.period is None or schedule.remaining == 1:
        return None
    fired = schedule.fired + 1
    due = parse_duration(schedule.period).add(schedule.anchor, fired + 1)
    if schedule.until is not None and due > schedule.until:
        return None
    remaining = None if schedule.remaining is None else schedule.remaining - 1
    return replace(schedule, due=due, fired=fired, remaining=remaining)


_CYCLE = re.compile(r"R(\d{0,9})/(?:([^/P]+)/)?(P[^/]+)(?:/([^/]+))?", re.ASCII)


def _first_of_cycle(value: TimerValue, now: datetime) -> Schedule:
    match = _CYCLE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"Expected a cycle such as R3/PT12H or R/P1M, but found {str(value)[:40]!r}")
    count, start, period, end = match.groups()
    if count == "0":
        raise ValueError("Expected a cycle that fires at least once, but it says R0")
    every = _positive(period)
    if not every.months and every.span < SHORTEST_PERIOD:
        raise ValueError(f"Expected a period of at least one second, but found {period}")
    remaining = int(count) if count else None
    until = _moment(end) if end else None
    anchor = _moment(start) if start else now
    fired = -1 if start else 0
    if start and anchor < now:
        fired = _first_not_before(every, anchor, now) - 1
        remaining = None if remaining is None else remaining - fired - 1
    due = every.add(anchor, fired + 1)
    if (remaining is not None and remaining < 1) or (until is not None and due > until):
        raise ValueError(f"Expected a cycle that still fires, but {value!r} is over before {now:%Y-%m-%d %H:%M}")
    return Schedule(due, anchor, period, fired, remaining, until)


def _first_not_before(every: Duration, anchor: datetime, now: datetime) -> int:
    """Return the smallest n for which anchor plus n periods is not before now."""
    low, high = 0, 1
    while every.add(anchor, high) < now:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if every.add(anchor, middle) < now else (low, middle)
    return high


def _positive(value: TimerValue) -> Duration:
    duration = _duration(value)
    if duration.months < 0 or duration.span < timedelta():
        raise ValueError(f"Expected a duration that is not negative, but found {str(value)[:40]!r}")
    return duration


def _duration(value: TimerValue) -> Duration:
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, YearsMonths):
        return Duration(value.months, timedelta())
    if isinstance(value, timedelta):
        return Duration(0, value)
    if isinstance(value, Duration):
        return value
    raise ValueError(f"Expected a duration such as P3D, but found {str(value)[:40]!r}")


def _moment(value: TimerValue) -> datetime:
    if isinstance(value, str):
        value = _parsed_moment(value.strip())
    if isinstance(value, datetime):
        return _local(value)
    if isinstance(value, date):
        return end_of_day(value)
    raise ValueError(f"Expected a date or a date and time, but found {str(value)[:40]!r}")


def _parsed_moment(text: str) -> date:
    try:
        return date.fromisoformat(text) if "T" not in text else datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"Expected a date such as 2026-09-24T20:00:00+08:00, but found {text[:40]!r}") from None


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def _datetime(day: date) -> datetime:
    if isinstance(day, datetime):
        return day
    raise ValueError(f"Expected a date and time, but found the date {day}")

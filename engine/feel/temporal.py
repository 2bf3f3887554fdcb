"""Dates, times and durations: reading them, writing them, and their parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import Text
from engine.feel.session import Failure
from engine.feel.values import Range, YearsMonths
from engine.feel.wide import (
    NANOS_PER_SECOND,
    WideDate,
    WideMoment,
    WideSpan,
    WideTime,
    clock_nanos,
    day_of,
    day_part,
    like,
    moment_of,
    narrowed,
    next_day,
    offset_nanos,
    span_nanos,
)

_DATE = r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+/-]{0,60})?"
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,12})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,15})M)?(?:(\d{1,18})(?:\.(\d{0,9}))?S)?)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,10})Y)?(?:(\d{1,11})M)?", re.ASCII)
_MOST_OFFSET = timedelta(hours=14)


def _refuse(text: str, zh: str, en: str) -> Failure:
    shown = text[:40]
    return Failure(Text(f"应为{zh}，但“{shown}”不是，结果为空。", f"Expected {en}, but “{shown}” is none; it is null."))


def parse_date(text: str) -> date | WideDate:
    """Return the date written as ``2026-09-24``, years of up to nine digits included. Raises Failure otherwise."""
    match = _DATE_ONLY.fullmatch(text)
    try:
        if match and not match[1].startswith("-0000"):
            return day_of(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise _refuse(text, "形如 2026-09-24 的日期", "a date such as 2026-09-24")


def parse_time(text: str) -> time | WideTime:
    """Return the time written as ``20:00:00``, with an offset or a named zone if there is one. Raises Failure.

    ``24:00:00`` is midnight, as in XML Schema.
    """
    match = _TIME_ONLY.fullmatch(text)
    try:
        if match:
            return _clock(match)
    except (ValueError, OSError, KeyError):
        pass
    raise _refuse(text, "形如 20:00:00 的时间", "a time such as 20:00:00")


def _clock(match: re.Match[str]) -> time | WideTime:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nanos, zone = _nanos(match[4]), _zone(match[5])
    if hour == 24 and not (minute or second or nanos):
        hour = 0
    whole = time(hour, minute, second, nanos // 1000, zone)
    return WideTime(clock_nanos(whole) + nanos % 1000, zone) if nanos % 1000 else whole


def parse_moment(text: str) -> datetime | WideMoment:
    """Return the date and time written as ``2026-09-24T20:00:00+08:00``; a date alone is its start. Raises Failure."""
    written, separator, rest = text.partition("T")
    try:
        day = parse_date(written)
        if rest.startswith("24:"):
            day = next_day(day)
        return moment_of(day, parse_time(rest) if separator else time())
    except (Failure, OverflowError):
        raise _refuse(
            text, "形如 2026-09-24T20:00:00 的日期时间", "a date and time such as 2026-09-24T20:00:00"
        ) from None


def parse_duration(text: str) -> timedelta | WideSpan | YearsMonths:
    """Return the duration written as ``P3DT12H`` or ``P1Y2M``. Raises Failure for a mixture or anything else."""
    match = _MONTHS.fullmatch(text)
    if match:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None:
        raise _refuse(text, "形如 P3DT12H 或 P1Y2M 的时长", "a duration such as P3DT12H or P1Y2M")
    days, hours, minutes, seconds = (int(match[n] or 0) for n in range(2, 6))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    nanos = total * NANOS_PER_SECOND + _nanos(match[6])
    try:
        return narrowed(WideSpan(-nanos if match[1] else nanos))  # type: ignore[no-any-return]  # a span stays a span
    except OverflowError:
        raise _refuse(text, "不过长的时长", "a duration within range") from None


def parse_any(text: str) -> Any:
    """Return the temporal value an ``@"…"`` literal writes, of whichever kind it is. Raises Failure otherwise."""
    if "P" in text[:2]:
        return parse_duration(text)
    if _DATE_ONLY.fullmatch(text):
        return parse_date(text)
    return parse_moment(text) if "T" in text[:17] else parse_time(text)


def _nanos(fraction: str | None) -> int:
    return int(fraction.ljust(9, "0")) if fraction else 0


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    if text[0] == "@":
        return ZoneInfo(text[1:])
    hours, minutes, seconds = (int(part) for part in (text[1:] + ":00").split(":")[:3])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes > 59 or seconds > 59:
        raise ValueError(text)
    return zone_at(-offset if text[0] == "-" else offset)


def zone_at(offset: timedelta) -> tzinfo:
    """Return the zone with an offset from UTC of at most 14 hours. Raises ValueError beyond them."""
    if abs(offset) > _MOST_OFFSET or offset.microseconds:
        raise ValueError(f"Expected an offset of at most 14 hours, but found {offset}")
    return timezone(offset) if offset else UTC


def zone_of(moment: Any) -> str | None:
    """Return the name of the zone, such as ``Asia/Shanghai``; None if the moment has none."""
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None


def offset_of(moment: Any) -> timedelta | None:
    """Return the offset from UTC of a time or a date and time; None if it has no zone."""
    if moment.tzinfo is None:
        return None
    if isinstance(moment, WideMoment):
        return timedelta(microseconds=offset_nanos(moment) // 1000)
    day = moment if isinstance(moment, datetime) else datetime(2000, 1, 1)
    offset: timedelta | None = moment.tzinfo.utcoffset(day)
    return offset


def zone_text(moment: Any) -> str:
    """Return the zone as FEEL writes it behind a time: ``@Asia/Shanghai``, ``Z``, ``+08:00`` or nothing."""
    if moment.tzinfo is None:
        return ""
    name = zone_of(moment)
    if name:
        return f"@{name}"
    offset = offset_of(moment) or timedelta()
    if not offset:
        return "Z"
    sign, offset = ("-", -offset) if offset < timedelta() else ("+", offset)
    minutes, seconds = divmod(int(offset.total_seconds()), 60)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def date_text(day: Any) -> str:
    """Return the date as FEEL writes it; years have at least four digits."""
    sign = "-" if day.year < 0 else ""
    return f"{sign}{abs(day.year):04}-{day.month:02}-{day.day:02}"


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def time_text(moment: Any) -> str:
    """Return the time of day as FEEL writes it."""
    seconds, nanos = divmod(_since_midnight(moment), NANOS_PER_SECOND)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{clock}{_fraction(nanos)}{zone_text(moment)}"


def _since_midnight(moment: Any) -> int:
    return moment.nanos if isinstance(moment, WideTime | WideMoment) else clock_nanos(moment)


def moment_text(moment: datetime | WideMoment) -> str:
    """Return the date and time as FEEL writes it."""
    return f"{date_text(day_part(moment))}T{time_text(moment)}"


def span_text(span: timedelta | WideSpan) -> str:
    """Return the duration as ISO 8601 writes it, in days and smaller."""
    total = _nanos_of(span)
    days, hours, minutes, seconds, nanos = _split(abs(total))
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    parts.append(f"{seconds}{_fraction(nanos)}S" if seconds or nanos else "")
    clock = "".join(parts)
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if total < 0 else ''}P{text or 'T0S'}"


def _nanos_of(span: timedelta | WideSpan) -> int:
    return span.nanos if isinstance(span, WideSpan) else span_nanos(span)


def _split(nanos: int) -> tuple[int, int, int, int, int]:
    """Return the days, hours, minutes, seconds and nanoseconds of a duration that is not negative."""
    seconds, rest = divmod(nanos, NANOS_PER_SECOND)
    return seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60, rest


def months_text(span: YearsMonths) -> str:
    """Return the duration as ISO 8601 writes it, in years and months."""
    years, months = divmod(abs(span.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-P" if span.months < 0 else "P") + text


def _whole(read: Callable[[Any], int]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(read(value))


def _part(index: int) -> Callable[[timedelta | WideSpan], Decimal]:
    def read(span: timedelta | WideSpan) -> Decimal:
        total = _nanos_of(span)
        return Decimal(_split(abs(total))[index] * (-1 if total < 0 else 1))

    return read


def _clock_part(seconds: int, most: int) -> Callable[[Any], Decimal]:
    return lambda moment: Decimal(_since_midnight(moment) // (seconds * NANOS_PER_SECOND) % most)


def _months_part(of_years: bool) -> Callable[[YearsMonths], Decimal]:
    def read(span: YearsMonths) -> Decimal:
        years, months = divmod(abs(span.months), 12)
        return Decimal((years if of_years else months) * (-1 if span.months < 0 else 1))

    return read


def _of_day(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda moment: read(day_part(moment))


_Parts = Mapping[str, Callable[[Any], Any]]
_DATE_PARTS: _Parts = {
    "year": _whole(lambda day: day.year),
    "month": _whole(lambda day: day.month),
    "day": _whole(lambda day: day.day),
    "weekday": _whole(lambda day: like(day).isoweekday()),
}
_TIME_PARTS: _Parts = {
    "hour": _clock_part(3600, 24),
    "minute": _clock_part(60, 60),
    "second": _clock_part(1, 60),
    "time offset": offset_of,
    "timezone": zone_of,
}
_MOMENT_PARTS: _Parts = {**{name: _of_day(read) for name, read in _DATE_PARTS.items()}, **_TIME_PARTS}
_SPAN_PARTS: _Parts = {"days": _part(0), "hours": _part(1), "minutes": _part(2), "seconds": _part(3)}
PARTS: Mapping[type, _Parts] = {
    date: _DATE_PARTS,
    WideDate: _DATE_PARTS,
    time: _TIME_PARTS,
    WideTime: _TIME_PARTS,
    datetime: _MOMENT_PARTS,
    WideMoment: _MOMENT_PARTS,
    timedelta: _SPAN_PARTS,
    WideSpan: _SPAN_PARTS,
    YearsMonths: {"years": _months_part(True), "months": _months_part(False)},
    Range: {
        "start": lambda area: area.low,
        "end": lambda area: area.high,
        "start included": lambda area: area.low is not None and area.low_closed,
        "end included": lambda area: area.high is not None and area.high_closed,
    },
}

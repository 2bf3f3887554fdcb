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

_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+/-]{0,60})?"
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(\.\d{1,9})?S)?)?", re.ASCII
)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?", re.ASCII)


def _refuse(text: str, zh: str, en: str) -> Failure:
    shown = text[:40]
    return Failure(Text(f"应为{zh}，但“{shown}”不是，结果为空。", f"Expected {en}, but “{shown}” is none; it is null."))


def parse_date(text: str) -> date:
    """Return the date written as ``2026-09-24``. Raises Failure otherwise."""
    match = _DATE_ONLY.fullmatch(text)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise _refuse(text, "形如 2026-09-24 的日期", "a date such as 2026-09-24")


def parse_time(text: str) -> time:
    """Return the time written as ``20:00:00``, with an offset or a named zone if there is one. Raises Failure."""
    match = _TIME_ONLY.fullmatch(text)
    try:
        if match:
            hour, minute, second, fraction, zone = match.groups()
            return time(int(hour), int(minute), int(second), _microseconds(fraction), _zone(zone))
    except (ValueError, OSError, KeyError):
        pass
    raise _refuse(text, "形如 20:00:00 的时间", "a time such as 20:00:00")


def parse_moment(text: str) -> datetime:
    """Return the date and time written as ``2026-09-24T20:00:00+08:00``; a date alone is its start. Raises Failure."""
    day, separator, rest = text.partition("T")
    try:
        return datetime.combine(parse_date(day), parse_time(rest) if separator else time())
    except Failure:
        raise _refuse(
            text, "形如 2026-09-24T20:00:00 的日期时间", "a date and time such as 2026-09-24T20:00:00"
        ) from None


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Return the duration written as ``P3DT12H`` or ``P1Y2M``. Raises Failure for a mixture or anything else."""
    match = _MONTHS.fullmatch(text)
    if match:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None:
        raise _refuse(text, "形如 P3DT12H 或 P1Y2M 的时长", "a duration such as P3DT12H or P1Y2M")
    days, hours, minutes, seconds = (int(match[n] or 0) for n in range(2, 6))
    try:
        fraction = _microseconds(match[6])
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=fraction)
    except OverflowError:
        raise _refuse(text, "不过长的时长", "a duration within range") from None
    return -span if match[1] else span


def parse_any(text: str) -> Any:
    """Return the temporal value an ``@"…"`` literal writes, of whichever kind it is. Raises Failure otherwise."""
    if "P" in text[:2]:
        return parse_duration(text)
    if _DATE_ONLY.fullmatch(text):
        return parse_date(text)
    return parse_moment(text) if "T" in text[:12] else parse_time(text)


def _microseconds(fraction: str | None) -> int:
    return int(fraction[1:7].ljust(6, "0")) if fraction else 0


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    if text[0] == "@":
        return ZoneInfo(text[1:])
    hours, minutes, seconds = (int(part) for part in (text[1:] + ":00").split(":")[:3])
    if hours > 14 or minutes > 59 or seconds > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if text[0] == "-" else offset)


def zone_of(moment: datetime | time) -> str | None:
    """Return the name of the zone, such as ``Asia/Shanghai``; None if the moment has none."""
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None


def offset_of(moment: datetime | time) -> timedelta | None:
    """Return the offset from UTC; None if the moment has no zone."""
    if moment.tzinfo is None:
        return None
    day = moment if isinstance(moment, datetime) else datetime.combine(date(2000, 1, 1), moment)
    return day.utcoffset()


def zone_text(moment: datetime | time) -> str:
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


def time_text(moment: time | datetime) -> str:
    """Return the time of day as FEEL writes it."""
    fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}{fraction}{zone_text(moment)}"


def moment_text(moment: datetime) -> str:
    """Return the date and time as FEEL writes it."""
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}T{time_text(moment)}"


def span_text(span: timedelta) -> str:
    """Return the duration as ISO 8601 writes it, in days and smaller."""
    sign, span = ("-", -span) if span < timedelta() else ("", span)
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{span.microseconds:06}".rstrip("0") if span.microseconds else ""
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    parts.append(f"{seconds}{fraction}S" if seconds or fraction else "")
    clock = "".join(parts)
    text = (f"{span.days}D" if span.days else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{text or 'T0S'}"


def months_text(span: YearsMonths) -> str:
    """Return the duration as ISO 8601 writes it, in years and months."""
    years, months = divmod(abs(span.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-P" if span.months < 0 else "P") + text


def _whole(read: Callable[[Any], int]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(read(value))


def _parts_of_span(span: timedelta) -> tuple[int, int, int, int]:
    sign = -1 if span < timedelta() else 1
    span = abs(span)
    minutes, seconds = divmod(span.seconds, 60)
    return sign * span.days, sign * (minutes // 60), sign * (minutes % 60), sign * seconds


def _part(index: int) -> Callable[[timedelta], Decimal]:
    return lambda span: Decimal(_parts_of_span(span)[index])


def _months_part(of_years: bool) -> Callable[[YearsMonths], Decimal]:
    def read(span: YearsMonths) -> Decimal:
        years, months = divmod(abs(span.months), 12)
        return Decimal((years if of_years else months) * (-1 if span.months < 0 else 1))

    return read


_Parts = Mapping[str, Callable[[Any], Any]]
_DATE_PARTS: _Parts = {
    "year": _whole(lambda day: day.year),
    "month": _whole(lambda day: day.month),
    "day": _whole(lambda day: day.day),
    "weekday": _whole(lambda day: day.isoweekday()),
}
_TIME_PARTS: _Parts = {
    "hour": _whole(lambda moment: moment.hour),
    "minute": _whole(lambda moment: moment.minute),
    "second": _whole(lambda moment: moment.second),
    "time offset": offset_of,
    "timezone": zone_of,
}
PARTS: Mapping[type, _Parts] = {
    date: _DATE_PARTS,
    time: _TIME_PARTS,
    datetime: {**_DATE_PARTS, **_TIME_PARTS},
    timedelta: {"days": _part(0), "hours": _part(1), "minutes": _part(2), "seconds": _part(3)},
    YearsMonths: {"years": _months_part(True), "months": _months_part(False)},
    Range: {
        "start": lambda area: area.low,
        "end": lambda area: area.high,
        "start included": lambda area: area.low is not None and area.low_closed,
        "end included": lambda area: area.high is not None and area.high_closed,
    },
}

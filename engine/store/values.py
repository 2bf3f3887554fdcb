"""FEEL values as bytes: msgpack with tagged types, nothing that could run when read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from engine.clock import YearsMonths
from engine.feel.temporal import parse_any
from engine.feel.values import Range
from engine.feel.wide import WideDate, WideMoment, WideSpan, WideTime
from engine.feel.writing import text_of

_DECIMAL, _DATE, _DATETIME, _TIME, _DAYS, _MONTHS, _WIDE, _RANGE = range(1, 9)


def _tagged(value: object) -> msgspec.msgpack.Ext:
    match value:
        case Decimal():
            return msgspec.msgpack.Ext(_DECIMAL, str(value).encode())
        case datetime():
            return msgspec.msgpack.Ext(_DATETIME, _with_zone(value).encode())
        case date():
            return msgspec.msgpack.Ext(_DATE, value.isoformat().encode())
        case time():
            return msgspec.msgpack.Ext(_TIME, _with_zone(value).encode())
        case timedelta():
            return msgspec.msgpack.Ext(_DAYS, str(value // timedelta(microseconds=1)).encode())
        case YearsMonths():
            return msgspec.msgpack.Ext(_MONTHS, str(value.months).encode())
        case WideDate() | WideMoment() | WideTime() | WideSpan():
            return msgspec.msgpack.Ext(_WIDE, text_of(value).encode())
        case Range():
            return msgspec.msgpack.Ext(_RANGE, pack([value.low, value.high, value.low_closed, value.high_closed]))
    raise TypeError(f"a {type(value).__name__} cannot be kept as a variable")


def _untagged(code: int, data: memoryview) -> object:
    if code == _RANGE:
        return Range(*unpack(bytes(data)))
    text = bytes(data).decode()
    match code:
        case 1:
            return Decimal(text)
        case 2:
            return date.fromisoformat(text)
        case 3:
            moment, _, zone = text.partition("@")
            found = datetime.fromisoformat(moment)
            return found.astimezone(ZoneInfo(zone)) if zone else found
        case 4:
            clock, _, zone = text.partition("@")
            return time.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone)) if zone else time.fromisoformat(clock)
        case 5:
            return timedelta(microseconds=int(text))
        case 6:
            return YearsMonths(int(text))
        case 7:
            return parse_any(text)
    raise ValueError(f"unknown value tag {code}")


def _with_zone(value: datetime | time) -> str:
    """Return ISO text with the name of the zone where it has one: an offset alone would print differently."""
    zone = value.tzinfo
    return f"{value.isoformat()}@{zone.key}" if isinstance(zone, ZoneInfo) else value.isoformat()


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(ext_hook=_untagged, strict=True)


def _prepared(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _prepared(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(item) for item in value]
    if value is None or isinstance(value, bool | str | bytes):
        return value
    if isinstance(value, int | float):
        value = Decimal(str(value))
    return _tagged(value)


def pack(value: Any) -> bytes:
    """Return the value as bytes; numbers become decimals. Raises TypeError for what is no FEEL value."""
    return _encoder.encode(_prepared(value))


def unpack(data: bytes) -> Any:
    """Return the value that ``pack`` wrote."""
    return _decoder.decode(data)

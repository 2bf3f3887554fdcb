"""FEEL values as bytes: msgpack with tagged types, nothing that could run when read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from engine.clock import YearsMonths

_DECIMAL, _DATE, _DATETIME, _TIME, _DAYS, _MONTHS = range(1, 7)


def _tagged(value: object) -> msgspec.msgpack.Ext:
    match value:
        case Decimal():
            return msgspec.msgpack.Ext(_DECIMAL, str(value).encode())
        case datetime():
            return msgspec.msgpack.Ext(_DATETIME, value.isoformat().encode())
        case date():
            return msgspec.msgpack.Ext(_DATE, value.isoformat().encode())
        case time():
            return msgspec.msgpack.Ext(_TIME, value.isoformat().encode())
        case timedelta():
            return msgspec.msgpack.Ext(_DAYS, str(value // timedelta(microseconds=1)).encode())
        case YearsMonths():
            return msgspec.msgpack.Ext(_MONTHS, str(value.months).encode())
    raise TypeError(f"a {type(value).__name__} cannot be kept as a variable")


def _untagged(code: int, data: memoryview) -> object:
    text = bytes(data).decode()
    match code:
        case 1:
            return Decimal(text)
        case 2:
            return date.fromisoformat(text)
        case 3:
            return datetime.fromisoformat(text)
        case 4:
            return time.fromisoformat(text)
        case 5:
            return timedelta(microseconds=int(text))
        case 6:
            return YearsMonths(int(text))
    raise ValueError(f"unknown value tag {code}")


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

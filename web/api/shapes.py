"""What bodies are made of: strict structs in camel case, keys as decimal strings, values as JSON."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from engine.clock import YearsMonths
from engine.errors import Invalid, Text
from web.api.operation import MOST_OF_KEY

TENANT = "<default>"
Tenant = Literal["<default>"]
Key = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,25}$", description="A key: a decimal number as text.")]
Variables = dict[str, Any]
Milliseconds = Annotated[int, msgspec.Meta(le=10**13, ge=-(10**13))]
Reference = Annotated[int, msgspec.Meta(ge=1, le=MOST_OF_KEY)]


class Body(msgspec.Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """A request: unknown members are refused, so that a misspelled one is noticed."""


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    """A response."""


class Referenced(Body):
    """A request that may name the operation of another system it belongs to."""

    operation_reference: Reference | None = None


def number(key: str) -> int:
    """Return the number behind a key. Raises Invalid for one no key can be."""
    value = int(key)
    if value > MOST_OF_KEY:
        raise Invalid(Text(f"编号 {key} 无效。", f"Expected a key of 63 bits, but got {key}."))
    return value


def text_of(key: int | None) -> str | None:
    """Return the key as text, None for none."""
    return None if key is None else str(key)


def from_json(value: Any) -> Any:
    """Return a JSON value as FEEL knows it: every number is a decimal."""
    if isinstance(value, bool) or value is None or isinstance(value, str | Decimal):
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {name: from_json(item) for name, item in value.items()}
    return [from_json(item) for item in value]


def to_json(value: Any) -> Any:
    """Return a FEEL value as JSON: dates, times and durations in ISO 8601, numbers as numbers."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else value
        case Mapping():
            return {str(name): to_json(item) for name, item in value.items()}
        case list() | tuple():
            return [to_json(item) for item in value]
        case YearsMonths():
            sign, months = "-" if value.months < 0 else "", abs(value.months)
            return f"{sign}P{months // 12}Y{months % 12}M"
        case bytes():
            return base64.b64encode(value).decode()
        case bool() | int() | str() | None | datetime() | date() | time() | timedelta():
            return value
    return str(value)


def encode(answer: Any) -> bytes:
    """Return the JSON of an answer."""
    return _encoder.encode(answer)


_encoder = msgspec.json.Encoder(decimal_format="number")

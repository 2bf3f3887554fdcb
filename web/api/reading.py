"""Reads a program's request before any transaction begins: who it says it is, and its body."""

from __future__ import annotations

import base64
import binascii
import re
from decimal import Decimal
from functools import cache

import msgspec
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from engine.errors import Invalid, Text
from web.api.operation import Operation

LARGEST_JSON = 4 * 1024 * 1024
LARGEST_UPLOAD = 24 * 1024 * 1024
LONGEST_KEY = 200
_PLACE = re.compile(r" - at `([^`]*)`$")
_FIELD = re.compile(r"unknown field `([^`]*)`|missing required field `([^`]*)`")


def read_body(operation: Operation) -> msgspec.Struct | None:
    """Return the request's body; raises Invalid naming the field that is not as it should be."""
    request.max_content_length = LARGEST_UPLOAD if operation.multipart else LARGEST_JSON
    if operation.body is None or operation.multipart:
        return None
    data = request.get_data(cache=True)
    if len(data) > LARGEST_JSON:
        raise RequestEntityTooLarge
    if data and request.mimetype not in ("application/json", ""):
        raise UnsupportedMediaType
    if b"\0" in data or b"\\u0000" in data:
        raise Invalid(Text("文字中不能有空字符。", "Expected text without null characters; remove them."))
    try:
        # Some clients send null where there is nothing to say.
        return _decoder(operation.body).decode(b"{}" if data.strip() in (b"", b"null") else data)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise _refused(str(error)) from None


def read_secret() -> str:
    """Return the token the request carries: as bearer, or as the password of basic authentication; else nothing."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        _login, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password


def read_idempotency_key() -> str | None:
    """Return the key under which a repetition of the request has no second effect, or None."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if len(given) > LONGEST_KEY or not given.isprintable():
        raise Invalid(
            Text(
                f"Idempotency-Key 应为不超过 {LONGEST_KEY} 个可见字符。",
                f"Expected an Idempotency-Key of at most {LONGEST_KEY} printable characters.",
            )
        )
    return given or None


@cache
def _decoder(kind: type[msgspec.Struct]) -> msgspec.json.Decoder[msgspec.Struct]:
    return msgspec.json.Decoder(kind, float_hook=Decimal)


def _refused(complaint: str) -> Invalid:
    found = _PLACE.search(complaint)
    place = found.group(1).removeprefix("$").removeprefix(".") if found else ""
    named = _FIELD.search(complaint)
    if named:
        field = named.group(1) or named.group(2)
        place = f"{place}.{field}" if place else field
    what = _PLACE.sub("", complaint)
    where_zh, where_en = (f"“{place}”", f"at “{place}”") if place else ("请求体", "in the body")
    message = Text(f"{where_zh}不符合接口说明:{what}。", f"Expected what the interface describes {where_en}: {what}.")
    return Invalid(message, {place: Text(what, what)} if place else None)

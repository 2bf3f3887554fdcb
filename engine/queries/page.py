"""A part of a list: its rows, how many there are in all, and where the next part begins."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from engine.errors import Invalid, Text

Row = TypeVar("Row")
MOST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """``next`` is None on the last page; it goes unchanged into the ``after`` of the next question."""

    rows: tuple[Row, ...]
    total: int
    next: str | None


def write_mark(*values: int) -> str:
    """Return where a page ended, as text for an address."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(values)).decode().rstrip("=")


def read_mark(text: str | None, length: int) -> tuple[int, ...] | None:
    """Return the values of a mark. Raises Invalid for one nobody wrote."""
    if not text:
        return None
    try:
        values = msgspec.msgpack.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=list[int])
    except (binascii.Error, msgspec.DecodeError, ValueError):
        values = []
    if len(values) != length:
        raise Invalid(
            Text("页码无效,请从第一页重新查看。", "Expected a page mark of this list; start at the first page.")
        )
    return tuple(values)

"""What operations read of a running process: events with known facts, never with what somebody entered.

An event is told with the facts of its type and with what is known of the request or job under way. Facts are keys,
names from diagrams, counts and classes of errors; there is none for a text of a person.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypedDict, Unpack

from engine.errors import kind_and_place

_log = logging.getLogger("doudi")
_known: ContextVar[Mapping[str, str | int | float] | None] = ContextVar("known", default=None)


class Facts(TypedDict, total=False):
    """Everything an event may hold; ``ms`` is milliseconds, keys are those of the store."""

    request: str
    case: int
    number: str
    process: str
    element: str
    job: int
    incident: int
    reference: str
    kind: str
    method: str
    route: str
    status: int
    ms: float
    error: str


def tell(level: int, event: str, fault: BaseException | None = None, **facts: Unpack[Facts]) -> None:
    """Write an event (``noun_verb``); of a fault its class and place are told, never its message."""
    if not _log.isEnabledFor(level):
        return
    told: dict[str, object] = {**(_known.get() or {}), **facts}
    if fault is not None:
        told["error"] = kind_and_place(fault)
    words = " ".join([event, *(f"{name}={value}" for name, value in told.items())])
    _log.log(level, "%s", words, extra={"event": event, "facts": told})


def about(**facts: Unpack[Facts]) -> None:
    """Add what is now known to every later event of the request or job under way; what was known first stays."""
    known = _known.get()
    if known is not None:
        _known.set({**facts, **known})  # type: ignore[dict-item]  # the values of the typed dictionary


@contextmanager
def within(**facts: Unpack[Facts]) -> Iterator[None]:
    """Know these facts, and no earlier ones, inside the block."""
    before = _known.set({**facts})  # type: ignore[dict-item]  # the values of the typed dictionary
    try:
        yield
    finally:
        _known.reset(before)

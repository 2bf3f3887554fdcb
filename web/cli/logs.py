"""How a server writes its log: a line to read on a terminal, else a JSON object a line."""

from __future__ import annotations

import logging
import sys
import threading
from datetime import datetime
from types import TracebackType
from typing import Any

import msgspec
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # ships no types

from engine.clock import SHANGHAI
from engine.errors import kind_and_place
from engine.log import tell

_LIBRARIES = ("dbos", "gunicorn.error", "gunicorn.access")


def set_up(node: str) -> None:
    """Write everything this process tells to its standard error, in the name of the node."""
    handler = logging.StreamHandler()
    handler.setFormatter(ReadableLines() if sys.stderr.isatty() else JsonLines(node))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("doudi").setLevel(logging.INFO)
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        # With a handler, though it does nothing, DBOS adds none of its own.
        logger.handlers = [logging.NullHandler()]
        logger.propagate = True
    sys.excepthook = _uncaught
    threading.excepthook = lambda hook: tell(logging.CRITICAL, "thread_ended", hook.exc_value)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, event, node and the facts of the event."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self._node = node

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "time": _time(record).isoformat(timespec="milliseconds"), "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name), "node": self._node, **_facts(record),
        }  # fmt: skip
        return msgspec.json.encode(line).decode()


class ReadableLines(logging.Formatter):
    """Time, level, event and facts as people read them."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        event = getattr(record, "event", record.name)
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        return f"{_time(record):%H:%M:%S} {record.levelname:8} {event} {facts}"


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log as part of this one."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's level and nothing else of how it would write."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, SHANGHAI)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts = getattr(record, "facts", None)
    if facts is not None:
        return dict(facts)
    told = {"text": _of_library(record)}
    if record.exc_info and record.exc_info[1] is not None:
        told["error"] = kind_and_place(record.exc_info[1])
    return told


def _of_library(record: logging.LogRecord) -> str:
    """Return what a library says with its numbers, but without its texts: those may quote a request or a row."""
    if not record.args:
        # What it put together itself it quotes after a colon.
        return str(record.msg).partition(":")[0]
    given = record.args if isinstance(record.args, tuple) else tuple(record.args.values())
    shown = tuple(value if isinstance(value, int | float) else "…" for value in given)
    try:
        return str(record.msg) % shown
    except (TypeError, ValueError):
        return str(record.msg).partition("%")[0]


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        tell(logging.CRITICAL, "process_ended", error)

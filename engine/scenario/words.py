"""The words of a scenario file: which keys each verb and the expectations take. The reader and the schema use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal[
    "text", "code", "data", "moment", "span", "flag", "texts", "numbers", "open", "step", "start", "expect", "steps"
]
Fields = Mapping[str, Kind]

FILE: Fields = {"name": "text", "on": "moment", "given": "data", "start": "start", "steps": "steps", "expect": "expect"}
FILE_REQUIRED = ("name", "on", "start", "expect")

STARTS: Mapping[str, Fields] = {
    "by": {"by": "text", "at": "code", "data": "data", "channel": "text"},
    "message": {"message": "text", "key": "code", "at": "code", "data": "data"},
    "signal": {"signal": "text", "at": "code", "data": "data"},
    "timer": {"timer": "text", "at": "code"},
}

VERBS: Mapping[str, Fields] = {
    "start": {"start": "start"},
    "complete": {"complete": "text", "by": "text", "data": "data", "in": "code", "at": "code"},
    "job": {"job": "text", "returns": "data", "error": "text", "data": "data", "times_out": "flag", "in": "code"},
    "message": {"message": "text", "key": "code", "data": "data", "in": "code"},
    "publish": {"publish": "text", "key": "code", "data": "data"},
    "signal": {"signal": "text", "data": "data"},
    "wait": {"wait": "span"},
    "refuse": {"refuse": "step"},
}
REQUIRED: Mapping[str, tuple[str, ...]] = {verb: (verb,) for verb in VERBS} | {"complete": ("complete", "by")}
REFUSABLE = ("complete", "start", "message")

EXPECT: Fields = {
    "end": "text",
    "visited": "texts",
    "not_visited": "texts",
    "documents": "texts",
    "variables": "data",
    "ledger": "numbers",
    "register": "data",
    "open": "open",
    "incident": "text",
}

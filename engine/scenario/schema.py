"""The published JSON schema of scenario files, written from the same words the reader uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.scenario import words

Schema = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
_KINDS: Mapping[words.Kind, Schema] = {
    "text": _TEXT,
    "code": {"type": ["string", "number"]},
    "data": {"type": "object"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$"},
    "span": {
        "type": "string",
        "pattern": r"^([1-9]\d{0,4} (workday|day|hour|minute)s?|until \d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?)$",
    },
    "flag": {"type": "boolean"},
    "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    "numbers": {"type": "object", "additionalProperties": {"type": "number"}},
    "open": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}, {"type": "object", "additionalProperties": _TEXT}]},
    "step": {"$ref": "#/$defs/refused"},
    "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
    "start": {"$ref": "#/$defs/start"},
    "expect": {"$ref": "#/$defs/expect"},
}


def scenario_schema() -> Schema:
    """Return the JSON schema (draft 2020-12) that editors can check a scenario file with."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario: an acceptance example of a process",
        **_object(words.FILE, words.FILE_REQUIRED),
        "$defs": {
            "start": {"oneOf": [_object(fields, (way, "at")) for way, fields in words.STARTS.items()]},
            "step": {"oneOf": [_object(words.VERBS[verb], words.REQUIRED[verb]) for verb in words.VERBS]},
            "refused": {"oneOf": [_refused(verb) for verb in words.REFUSABLE]},
            "expect": _object(words.EXPECT, ()),
        },
    }


def _refused(verb: str) -> Schema:
    return _object({**words.VERBS[verb], "because": "text"}, (*words.REQUIRED[verb], "because"))


def _object(fields: words.Fields, required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": {name: _KINDS[kind] for name, kind in fields.items()},
        "required": list(required),
        "additionalProperties": False,
    }

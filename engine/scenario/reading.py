"""Scenario files -> typed steps, with the line of everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

from engine.bundle.cursor import Cursor, open_yaml
from engine.bundle.yaml import FileError
from engine.clock import SHANGHAI
from engine.errors import Text
from engine.model import Finding
from engine.scenario import words
from engine.scenario.steps import (
    AnswerJob,
    Complete,
    Data,
    Expect,
    PublishMessage,
    Refuse,
    Scenario,
    SendMessage,
    SendSignal,
    Start,
    StartByEvent,
    Step,
    Trigger,
    Unit,
    Wait,
    Who,
)

COMMON = "scenarios/common.yaml"
RULE = "scenario-file"

_WHO = re.compile(r"([^/\s]+)(?:/([1-9]\d?))?")
_SPAN = re.compile(r"([1-9]\d{0,4}) (workday|day|hour|minute)s?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
_Keys = dict[str, Cursor]


def read_scenarios(files: Mapping[str, bytes]) -> tuple[Scenario, ...]:
    """Return the scenarios of a process folder in the order of their file names.

    Raises FileError with the findings of all files.
    """
    findings: list[Finding] = []
    defaults = _read_common(files.get(COMMON, b""), findings)
    names = sorted(name for name in files if name.startswith("scenarios/") and name != COMMON)
    scenarios = tuple(_read(files[name], name, defaults, findings) for name in names)
    if findings:
        raise FileError(*findings)
    return scenarios


def read_scenario(data: bytes, file: str) -> Scenario:
    """Return one scenario without common values; raises FileError with everything that is wrong."""
    findings: list[Finding] = []
    scenario = _read(data, file, {}, findings)
    if findings:
        raise FileError(*findings)
    return scenario


def _read_common(data: bytes, findings: list[Finding]) -> Mapping[str, Data]:
    cursor = open_yaml(data, COMMON, RULE)
    forms = cursor.mapping(optional=("forms",)).get("forms")
    entries = forms.mapping(optional=None) if forms else {}
    defaults = {name: _data(item) for name, item in entries.items()}
    findings.extend(cursor.findings)
    return defaults


def _read(data: bytes, file: str, defaults: Mapping[str, Data], findings: list[Finding]) -> Scenario:
    cursor = open_yaml(data, file, RULE)
    keys = cursor.mapping(words.FILE_REQUIRED, words.FILE)
    scenario = Scenario(
        file=file,
        name=_text(keys, "name"),
        on=_moment(keys.get("on")),
        start=_start(keys.get("start") or cursor),
        steps=tuple(_step(item) for item in (keys["steps"].items() if "steps" in keys else ())),
        expect=_expect(keys.get("expect") or cursor) if "expect" in keys else Expect(),
        defaults=defaults,
        given=_field(keys, "given"),
    )
    findings.extend(cursor.findings)
    return scenario


def _step(item: Cursor) -> Step:
    present = [verb for verb in words.VERBS if isinstance(item.value, dict) and verb in item.value]
    if len(present) != 1:
        item.report(
            Text(
                f"每一步应恰有一个动词({'、'.join(words.VERBS)}),请改正。",
                f"Expected exactly one of {', '.join(words.VERBS)} in a step, but there are {len(present)}, "
                "so correct it.",
            )
        )
        return Wait(_line(item))
    verb = present[0]
    keys = item.mapping(words.REQUIRED[verb], words.VERBS[verb])
    return _step_of(verb, keys, _line(item))


def _step_of(verb: str, keys: _Keys, line: int) -> Step:
    if verb == "complete":
        return Complete(
            line, _text(keys, verb), _who(keys), _field(keys, "data"), _optional(keys, "in"), _optional(keys, "at")
        )
    if verb == "job":
        return _job(keys, line)
    if verb == "message":
        return SendMessage(line, _text(keys, verb), _field(keys, "data"), _optional(keys, "key"), _optional(keys, "in"))
    if verb == "publish":
        return PublishMessage(line, _text(keys, verb), _field(keys, "data"), _optional(keys, "key"))
    if verb == "signal":
        return SendSignal(line, _text(keys, verb), _field(keys, "data"))
    if verb == "wait":
        return _wait(keys[verb], line)
    return _start(keys[verb]) if verb == "start" else _refuse(keys[verb], line)


def _start(item: Cursor) -> Start | StartByEvent:
    given = item.value if item.path and isinstance(item.value, dict) else {}
    way = next((way for way in words.STARTS if way in given), "by")
    keys = item.mapping((way, "at"), words.STARTS[way]) if item.path else {}
    line, place, data = _line(item), _optional(keys, "at") or "", _field(keys, "data")
    if way == "by":
        return Start(line, _who(keys), place, data, _optional(keys, "channel"))
    return StartByEvent(line, cast(Trigger, way), _text(keys, way), place, data, _optional(keys, "key"))


def _job(keys: _Keys, line: int) -> AnswerJob:
    type_, item = _text(keys, "job"), _optional(keys, "in")
    if "error" in keys:
        return AnswerJob(line, type_, "error", _field(keys, "data"), _text(keys, "error"), item)
    if "times_out" in keys:
        keys["times_out"].flag()
        return AnswerJob(line, type_, "times_out", {}, None, item)
    return AnswerJob(line, type_, "returns", _field(keys, "returns"), None, item)


def _wait(item: Cursor, line: int) -> Wait:
    text = item.text()
    if text.startswith("until "):
        return Wait(line, until=_parsed_moment(item, text.removeprefix("until ").strip()))
    found = _SPAN.fullmatch(text)
    if found is None:
        item.report(
            Text(
                "等待应写成“2 workdays”“3 days”“4 hours”“30 minutes”或“until 2026-10-10T09:00”,"
                f"实际为“{text}”,请改正。",
                "Expected “2 workdays”, “3 days”, “4 hours”, “30 minutes” or “until 2026-10-10T09:00”, "
                f"but it is “{text}”, so correct it.",
            )
        )
        return Wait(line)
    return Wait(line, int(found[1]), cast(Unit, f"{found[2]}s"))


def _refuse(item: Cursor, line: int) -> Refuse:
    value = item.value if isinstance(item.value, dict) else {}
    verb = next((verb for verb in words.REFUSABLE if verb in value), "complete")
    keys = item.mapping((*words.REQUIRED[verb], "because"), (*words.VERBS[verb], "because"))
    action = _step_of(verb, keys, line) if verb in keys else None
    if not isinstance(action, Start | Complete | SendMessage):
        action = Complete(line, "", Who(""), {})
    return Refuse(line, action, _text(keys, "because"))


def _expect(item: Cursor) -> Expect:
    keys = item.mapping(optional=words.EXPECT)
    return Expect(
        line=_line(item),
        end=_optional(keys, "end"),
        visited=_texts(keys, "visited") or (),
        not_visited=_texts(keys, "not_visited") or (),
        documents=_texts(keys, "documents"),
        variables=_field(keys, "variables"),
        ledger=_numbers(keys.get("ledger")),
        register=_field(keys, "register"),
        open=_open(keys.get("open")),
        incident=_optional(keys, "incident"),
    )


def _open(item: Cursor | None) -> Mapping[str, str | None] | None:
    """``open: [task]`` says what is open, ``open: {task: role}`` also who has it."""
    if item is None:
        return None
    if isinstance(item.value, dict):
        return {name: role.text() for name, role in item.mapping(optional=None).items()}
    return dict.fromkeys(item.texts(), None)


def _numbers(item: Cursor | None) -> Mapping[str, Decimal]:
    return {name: value.number() for name, value in item.mapping(optional=None).items()} if item else {}


def _who(keys: _Keys) -> Who:
    item = keys.get("by")
    found = _WHO.fullmatch(item.text()) if item else None
    if found:
        return Who(found[1], int(found[2] or 1))
    if item and isinstance(item.value, str):
        item.report(
            Text(
                "人员应写成角色标识,同一角色的第二人写成“角色/2”,请改正。",
                "Expected a role id, or “role/2” for the second person of a role, but it is neither, so correct it.",
            )
        )
    return Who("")


def _moment(item: Cursor | None) -> datetime:
    return _parsed_moment(item, item.text()) if item else datetime.min.replace(tzinfo=SHANGHAI)


def _parsed_moment(item: Cursor, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "").replace(tzinfo=SHANGHAI)
    except ValueError:
        item.report(
            Text(
                f"时刻应写成 2026-10-10T09:00,实际为“{text}”,请改正。",
                f"Expected a moment such as 2026-10-10T09:00, but it is “{text}”, so correct it.",
            )
        )
        return datetime.min.replace(tzinfo=SHANGHAI)


def _data(item: Cursor) -> Data:
    item.mapping(optional=None)
    return item.value if isinstance(item.value, dict) else {}


def _field(keys: _Keys, name: str) -> Data:
    return _data(keys[name]) if name in keys else {}


def _text(keys: _Keys, name: str) -> str:
    return keys[name].text() if name in keys else ""


def _optional(keys: _Keys, name: str) -> str | None:
    return keys[name].text() if name in keys else None


def _texts(keys: _Keys, name: str) -> tuple[str, ...] | None:
    return keys[name].texts() if name in keys else None


def _line(item: Cursor) -> int:
    place = item.sheet.place(item.path)
    return place.line if place else 1

"""Timers have a time that can be understood, is not zero and lies within 100 years.

A date is written ``2026-10-10T09:00:00+08:00``, a duration ``P3D``, a cycle ``R3/P1D``, or any of them as ``=…``.
A cycle repeats, so it stands only where nothing is interrupted: on the border of an activity, at the start of an event
sub-process, or at the start of a process. There the property ``startFor`` names the level of the regions for which a case
each is started.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.access import OFFICES
from engine.clock import SHANGHAI, plan
from engine.diagram.names import START_FOR
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Event, Node, TimerKind
from engine.errors import Text
from engine.model import Finding

NAME = "timer"

_NOW = datetime(2026, 1, 1, tzinfo=SHANGHAI)


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every timer that could not be armed."""
    for owner, scope in subject.process.scopes():
        for node in scope.nodes.values():
            if node.event is None or node.event.kind != "timer":
                continue
            starts_case = node.kind == "startEvent" and owner is None
            found = _wrong(node, node.event, starts_case=starts_case) or (_no_level(node) if starts_case else None)
            if found:
                yield subject.finding(NAME, node, found)


def _wrong(node: Node, event: Event, *, starts_case: bool) -> Text | None:
    if event.timer_kind is None or not event.expression:
        return Text(
            f"定时事件{shown(node)}应写明时间,请填写日期、时长或周期。",
            f"Expected a time on {shown(node)}, but there is none, so enter a date, duration or cycle.",
        )
    repeats = starts_case or (node.kind in ("boundaryEvent", "startEvent") and not node.interrupting)
    if event.timer_kind == "cycle" and not repeats:
        return Text(
            f"{shown(node)}只能触发一次,不能用周期,请改为时长,或改为不中断的边界事件。",
            f"Expected a date or duration on {shown(node)}, but a cycle cannot repeat there, "
            "so use a duration or a non-interrupting boundary event.",
        )
    if event.expression.startswith("="):
        return None
    return _unplannable(node, event.timer_kind, event.expression)


def _no_level(node: Node) -> Text | None:
    level = node.properties.get(START_FOR, OFFICES[0])
    if level in OFFICES:
        return None
    return Text(
        f"{shown(node)}的属性 {START_FOR} 应为 {'、'.join(OFFICES)} 之一,实际为“{level[:20]}”,请改正。",
        f"Expected the property {START_FOR} of {shown(node)} to be one of {', '.join(OFFICES)}, but it is “{level[:20]}”, "
        "so correct it.",
    )


def _unplannable(node: Node, kind: TimerKind, text: str) -> Text | None:
    try:
        schedule = plan(kind, text, _NOW)
        never = kind == "duration" and schedule.due <= _NOW
        problem = f"Expected a duration longer than zero, but found {text!r}" if never else ""
    except ValueError as error:
        problem = str(error)
    if not problem:
        return None
    return Text(
        f"{shown(node)}的时间“{text[:40]}”无法使用:应为 ISO 8601(如 P3D、R3/P1D、2026-10-10T09:00:00+08:00),"
        "大于零且在 100 年以内,请改正。",
        f"{problem} on {shown(node)}, so write ISO 8601 such as P3D, longer than zero and within 100 years.",
    )

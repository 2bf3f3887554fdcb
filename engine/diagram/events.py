"""Reads event definitions and resolves the messages, signals, errors and escalations they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from engine.diagram.names import EVENT_DEFINITIONS, EVENTS, bpmn, split
from engine.diagram.tree import Event, EventKind, TimerKind
from engine.diagram.vocabulary import attribute, extended

_TIMES: Mapping[str, TimerKind] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file declares beside its processes, by id: names, codes and correlation keys."""

    names: Mapping[str, str | None]
    correlations: Mapping[str, str | None]
    messages: frozenset[str]


def declared(root: etree._Element) -> Declared:
    """Return the messages, signals, errors and escalations of a file."""
    names: dict[str, str | None] = {}
    correlations: dict[str, str | None] = {}
    for tag, key in (("message", "name"), ("signal", "name"), ("error", "errorCode"), ("escalation", "escalationCode")):
        for element in root.iterchildren(bpmn(tag)):
            names[element.get("id", "")] = attribute(element, key)
            if tag == "message":
                correlations[element.get("id", "")] = extended(element, "subscription", "correlationKey")
    messages = frozenset(name for key in correlations if (name := names[key]))
    return Declared(names, correlations, messages)


def read_event(element: etree._Element, known: Declared) -> Event | None:
    """Return what an event, receive task or send task waits for or throws, None for other nodes."""
    kind = split(element.tag)[1]
    if kind == "receiveTask" or (kind == "sendTask" and element.get("messageRef")):
        return _message(element, known, 1)
    if kind not in EVENTS:
        return None
    definitions = [child for child in element if split(child.tag)[1] in EVENT_DEFINITIONS]
    if not definitions:
        return Event("none", definitions=0)
    return _read_definition(definitions[0], known, len(definitions))


def _read_definition(definition: etree._Element, known: Declared, count: int) -> Event:
    kind = cast(EventKind, EVENT_DEFINITIONS[split(definition.tag)[1]])
    if kind == "message":
        return _message(definition, known, count)
    if kind == "timer":
        return _timer(definition, count)
    if kind == "conditional":
        text = (definition.findtext(bpmn("condition")) or "").strip() or None
        return Event(kind, expression=text, definitions=count)
    if kind in ("signal", "error", "escalation"):
        return Event(kind, known.names.get(definition.get(f"{kind}Ref", "")), definitions=count)
    name = attribute(definition, "activityRef" if kind == "compensation" else "name")
    return Event(kind, name, definitions=count)


def _message(element: etree._Element, known: Declared, count: int) -> Event:
    ref = element.get("messageRef", "")
    return Event("message", known.names.get(ref), correlation=known.correlations.get(ref), definitions=count)


def _timer(definition: etree._Element, count: int) -> Event:
    for child in definition:
        kind = _TIMES.get(split(child.tag)[1])
        if kind:
            return Event("timer", timer_kind=kind, expression=(child.text or "").strip() or None, definitions=count)
    return Event("timer", definitions=count)

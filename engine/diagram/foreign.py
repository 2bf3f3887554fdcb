"""Finds what a file carries that would be executed elsewhere but is not known here, so that a rule can refuse it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.diagram.names import BPMN, EXECUTING, NEVER_RUN, NODES, READ_OR_DRAWN, ZEEBE_READ, bpmn, split
from engine.diagram.xml import ZEEBE

_OWNERS = frozenset(bpmn(name) for name in NODES | {"process", "sequenceFlow"})
_REFUSED = {"waitForCompletion": "false", "eventGatewayType": "Parallel"}
_QUANTITIES = ("startQuantity", "completionQuantity")
_ZEEBE_REFUSED = frozenset({"formKey", "externalReference", "processIdExpression"})


def foreign_marks(root: etree._Element) -> Mapping[str, tuple[str, ...]]:
    """Return for each node, flow or process id the qualified names it carries that are not known here."""
    marks: dict[str, dict[str, None]] = {}
    for element in root.iterchildren(*(bpmn(name) for name in NEVER_RUN)):
        process = next(root.iterchildren(bpmn("process")))
        mark = f"bpmn:{split(element.tag)[1]} {element.get('id', '')}".strip()
        marks.setdefault(process.get("id", ""), {})[mark] = None
    for process in root.iterchildren(bpmn("process")):
        for element in process.iter():
            for mark in _marks_of(element):
                marks.setdefault(_owner(element), {})[mark] = None
    return {owner: tuple(found) for owner, found in marks.items()}


def _owner(element: etree._Element) -> str:
    found: etree._Element | None = element
    while found is not None and found.tag not in _OWNERS:
        found = found.getparent()
    return "" if found is None else found.get("id", "")


def _marks_of(element: etree._Element) -> Iterator[str]:
    namespace, name = split(element.tag)
    if namespace in EXECUTING:
        yield f"{EXECUTING[namespace]}:{name}"
    elif namespace == BPMN and name not in READ_OR_DRAWN:
        yield f"bpmn:{name}"
    elif namespace == ZEEBE and name not in ZEEBE_READ:
        yield f"zeebe:{name}"
    for key, value in element.attrib.items():
        yield from _marks_of_attribute(namespace, str(key), str(value))


def _marks_of_attribute(owner: str, key: str, value: str) -> Iterator[str]:
    namespace, name = split(key)
    if namespace in EXECUTING:
        yield f"{EXECUTING[namespace]}:{name}"
    elif namespace or not value.strip():
        return
    elif (owner == BPMN and (name == "scriptFormat" or (name in _QUANTITIES and value != "1"))) or (
        owner == BPMN and _REFUSED.get(name) == value
    ):
        yield f"bpmn:{name}"
    elif owner == ZEEBE and (name in _ZEEBE_REFUSED or (name == "bindingType" and value == "versionTag")):
        yield f"zeebe:{name}"

"""Reads what the Camunda 8 vocabulary says about one element into the fields of a node."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.diagram.names import bpmn, zeebe
from engine.diagram.tree import AdHoc, Loop, VariableMapping


def attribute(element: etree._Element, name: str) -> str | None:
    """Return the trimmed value of an attribute, None where it is missing or blank."""
    return (element.get(name) or "").strip() or None


def extension(element: etree._Element, name: str) -> etree._Element | None:
    """Return the extension element of that name."""
    holder = element.find(bpmn("extensionElements"))
    return None if holder is None else holder.find(zeebe(name))


def extended(element: etree._Element, name: str, key: str) -> str | None:
    """Return one attribute of an extension element."""
    found = extension(element, name)
    return None if found is None else attribute(found, key)


def properties(element: etree._Element) -> Mapping[str, str]:
    """Return the free facts (``zeebe:properties``) of an element."""
    return _pairs(extension(element, "properties"), "property", "name")


def node_fields(element: etree._Element) -> dict[str, Any]:
    """Return the fields of a node that its extension elements fill."""
    mappings = extension(element, "ioMapping")
    return {
        "form": extended(element, "formDefinition", "formId"),
        "assignee": extended(element, "assignmentDefinition", "assignee"),
        "groups": _listed(extended(element, "assignmentDefinition", "candidateGroups")) or (),
        "users": _listed(extended(element, "assignmentDefinition", "candidateUsers")),
        "due": extended(element, "taskSchedule", "dueDate"),
        "follow_up": extended(element, "taskSchedule", "followUpDate"),
        "priority": extended(element, "priorityDefinition", "priority"),
        "native_user_task": extension(element, "userTask") is not None,
        "job_type": extended(element, "taskDefinition", "type"),
        "retries": extended(element, "taskDefinition", "retries"),
        "headers": _pairs(extension(element, "taskHeaders"), "header", "key"),
        "inputs": _mappings(mappings, "input"),
        "outputs": _mappings(mappings, "output"),
        "decision": extended(element, "calledDecision", "decisionId"),
        "script": extended(element, "script", "expression"),
        "result": extended(element, "calledDecision", "resultVariable")
        or extended(element, "script", "resultVariable"),
        "called_process": extended(element, "calledElement", "processId") or attribute(element, "calledElement"),
        "propagate_all": extended(element, "calledElement", "propagateAllChildVariables") != "false",
        "properties": properties(element),
    }


def read_loop(element: etree._Element) -> Loop | None:
    """Return how the activity is repeated, None where it is not."""
    standard = element.find(bpmn("standardLoopCharacteristics"))
    if standard is not None:
        return Loop(
            kind="standard",
            condition=_text(standard, "loopCondition"),
            maximum=attribute(standard, "loopMaximum"),
            test_before=standard.get("testBefore") == "true",
        )
    loop = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if loop is None:
        return None
    return Loop(
        kind="sequential" if loop.get("isSequential") == "true" else "parallel",
        collection=extended(loop, "loopCharacteristics", "inputCollection"),
        element=extended(loop, "loopCharacteristics", "inputElement"),
        output_collection=extended(loop, "loopCharacteristics", "outputCollection"),
        output_element=extended(loop, "loopCharacteristics", "outputElement"),
        completion=_text(loop, "completionCondition"),
        cardinality=_text(loop, "loopCardinality"),
    )


def read_ad_hoc(element: etree._Element) -> AdHoc | None:
    """Return how an ad-hoc sub-process is worked through, None for other elements."""
    if element.tag != bpmn("adHocSubProcess"):
        return None
    return AdHoc(
        ordering="sequential" if element.get("ordering") == "Sequential" else "parallel",
        active=extended(element, "adHoc", "activeElementsCollection"),
        completion=_text(element, "completionCondition"),
        cancel_remaining=element.get("cancelRemainingInstances") != "false",
    )


def _text(element: etree._Element, name: str) -> str | None:
    return (element.findtext(bpmn(name)) or "").strip() or None


def _listed(text: str | None) -> tuple[str, ...] | None:
    if text is None or text.startswith("="):
        return None if text is None else (text,)
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _mappings(holder: etree._Element | None, name: str) -> tuple[VariableMapping, ...]:
    found = () if holder is None else holder.iterchildren(zeebe(name))
    return tuple(VariableMapping(item.get("source", "").strip(), item.get("target", "").strip()) for item in found)


def _pairs(holder: etree._Element | None, name: str, key: str) -> Mapping[str, str]:
    found = () if holder is None else holder.iterchildren(zeebe(name))
    return MappingProxyType({item.get(key, "").strip(): item.get("value", "") for item in found})

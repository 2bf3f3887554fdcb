"""What the product reads of each element, written as in the file; the rest of an element is drawing or refused."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram.names import ACTIVITIES, GATEWAYS
from engine.diagram.tree import Node

BY_KIND: Mapping[str, tuple[str, ...]] = {
    "userTask": (
        "zeebe:userTask",
        "zeebe:formDefinition formId",
        "zeebe:assignmentDefinition assignee, candidateGroups, candidateUsers",
        "zeebe:taskSchedule dueDate, followUpDate",
        "zeebe:priorityDefinition priority",
    ),
    "serviceTask": ("zeebe:taskDefinition type, retries", "zeebe:taskHeaders (zeebe:header key, value)"),
    "sendTask": ("zeebe:taskDefinition type, retries", "zeebe:taskHeaders (zeebe:header key, value)", "messageRef"),
    "receiveTask": ("messageRef",),
    "businessRuleTask": ("zeebe:calledDecision decisionId, resultVariable",),
    "scriptTask": ("zeebe:script expression, resultVariable",),
    "callActivity": ("zeebe:calledElement processId, propagateAllChildVariables",),
    "adHocSubProcess": (
        "ordering", "cancelRemainingInstances", "completionCondition", "zeebe:adHoc activeElementsCollection",
        "zeebe:assignmentDefinition candidateGroups",
    ),
    "exclusiveGateway": ("conditionExpression", "default"),
    "inclusiveGateway": ("conditionExpression", "default"),
    "boundaryEvent": ("attachedToRef", "cancelActivity"),
}  # fmt: skip
BY_EVENT: Mapping[str, tuple[str, ...]] = {
    "message": ("messageRef", "zeebe:subscription correlationKey"),
    "timer": ("timeDate", "timeDuration", "timeCycle"),
    "signal": ("signalRef",),
    "conditional": ("condition",),
    "error": ("errorRef", "errorCode"),
    "escalation": ("escalationRef", "escalationCode"),
    "compensation": ("activityRef", "association", "isForCompensation"),
    "link": ("name",),
}
BY_LOOP: Mapping[str, tuple[str, ...]] = {
    "standard": ("loopCondition", "loopMaximum", "testBefore"),
    "sequential": (
        "isSequential", "zeebe:loopCharacteristics inputCollection, inputElement, outputCollection, outputElement",
        "loopCardinality", "completionCondition",
    ),
}  # fmt: skip
MAPPINGS = ("zeebe:ioMapping (zeebe:input, zeebe:output source, target)",)
FACTS = ("zeebe:properties (zeebe:property name, value)",)


def honoured(node: Node, owner: Node | None) -> tuple[str, ...]:
    """Return what is read of the element, each once."""
    found = [*BY_KIND.get(node.kind, ())]
    if node.event is not None and node.kind != "sendTask":
        found += BY_EVENT.get(node.event.kind, ())
    if node.kind == "startEvent":
        found += ["zeebe:formDefinition formId"] if owner is None and node.event and node.event.kind == "none" else []
        found += ["isInterrupting"] if owner is not None and owner.triggered_by_event else []
        found += ["zeebe:property startFor"] if owner is None and node.event and node.event.kind == "timer" else []
    if node.event is not None and node.event.kind == "message" and _told_to_a_case(node, owner):
        found += ["zeebe:formDefinition formId", "zeebe:property told_by"]
    if node.loop is not None:
        found += BY_LOOP["standard" if node.loop.kind == "standard" else "sequential"]
    if node.kind in ACTIVITIES and node.kind not in ("task", "manualTask"):
        found += ["conditionExpression", "default", *MAPPINGS]
    if node.kind not in GATEWAYS:
        found += FACTS
    return tuple(dict.fromkeys(found))


def _told_to_a_case(node: Node, owner: Node | None) -> bool:
    begins_a_case = node.kind == "startEvent" and owner is None
    return node.kind in ("startEvent", "boundaryEvent", "intermediateCatchEvent") and not begins_a_case

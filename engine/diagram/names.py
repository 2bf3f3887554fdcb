"""The vocabularies a diagram may be written in, and which of their words this product knows."""

from __future__ import annotations

from lxml import etree

from engine.diagram.xml import ZEEBE

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

EXECUTING = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://www.jboss.org/drools": "drools",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
}

ACTIVITIES = frozenset(
    [
        "task",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "manualTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    ]
)
GATEWAYS = frozenset(["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"])
EVENTS = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
THROWING_EVENTS = frozenset(["intermediateThrowEvent", "endEvent"])
NODES = ACTIVITIES | GATEWAYS | EVENTS
SCOPES = frozenset(["subProcess", "transaction", "adHocSubProcess"])

# The property of a timer start event that names the level of the regions for which it starts a case each.
START_FOR = "startFor"

EVENT_DEFINITIONS = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "compensateEventDefinition": "compensation",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "cancelEventDefinition": "cancel",
}

# What may stand beside the process in a file and would never run.
NEVER_RUN = (
    "choreography",
    "globalTask",
    "globalUserTask",
    "globalManualTask",
    "globalScriptTask",
    "globalBusinessRuleTask",
    "globalChoreographyTask",
)

READ_OR_DRAWN = (
    NODES
    | frozenset(EVENT_DEFINITIONS)
    | frozenset(
        [
            "process",
            "extensionElements",
            "documentation",
            "incoming",
            "outgoing",
            "sequenceFlow",
            "conditionExpression",
            "timeDate",
            "timeDuration",
            "timeCycle",
            "condition",
            "multiInstanceLoopCharacteristics",
            "standardLoopCharacteristics",
            "loopCardinality",
            "completionCondition",
            "loopCondition",
            "laneSet",
            "childLaneSet",
            "lane",
            "flowNodeRef",
            "association",
            "textAnnotation",
            "text",
            "group",
            "categoryValueRef",
            "dataObject",
            "dataObjectReference",
            "dataStoreReference",
            "dataState",
            "property",
            "dataInputAssociation",
            "dataOutputAssociation",
            "sourceRef",
            "targetRef",
            "source",
            "target",
        ]
    )
)
ZEEBE_READ = frozenset(
    [
        "userTask",
        "assignmentDefinition",
        "formDefinition",
        "taskSchedule",
        "priorityDefinition",
        "taskDefinition",
        "taskHeaders",
        "header",
        "ioMapping",
        "input",
        "output",
        "calledDecision",
        "script",
        "calledElement",
        "loopCharacteristics",
        "adHoc",
        "subscription",
        "properties",
        "property",
        "versionTag",
    ]
)


def split(tag: object) -> tuple[str, str]:
    """Return namespace and local name of a tag or attribute name."""
    name = etree.QName(str(tag))
    return name.namespace or "", name.localname


def bpmn(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    """Return the full tag of an element of the Camunda 8 vocabulary."""
    return f"{{{ZEEBE}}}{name}"

"""What this version runs, and what to draw instead of the rest.

``SUPPORTED`` lists every construct that runs as (kind, event, place): the BPMN tag, the kind of its event
(``-`` where it has none), and where it stands (``process``, ``event sub-process`` for start events, else ``-``).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram.names import EVENTS
from engine.diagram.tree import Node
from engine.errors import Text

Construct = tuple[str, str, str]

_PLAIN = (
    "task",
    "manualTask",
    "userTask",
    "serviceTask",
    "sendTask",
    "businessRuleTask",
    "scriptTask",
    "callActivity",
    "subProcess",
    "exclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
)

SUPPORTED: frozenset[Construct] = frozenset(
    [
        *((kind, "-", "-") for kind in _PLAIN),
        ("receiveTask", "message", "-"),
        ("startEvent", "none", "process"),
        ("endEvent", "none", "-"),
        ("endEvent", "message", "-"),
        ("endEvent", "error", "-"),
        ("endEvent", "escalation", "-"),
        ("endEvent", "terminate", "-"),
        ("intermediateThrowEvent", "none", "-"),
        ("intermediateThrowEvent", "message", "-"),
        ("intermediateThrowEvent", "escalation", "-"),
        ("intermediateCatchEvent", "message", "-"),
        ("intermediateCatchEvent", "timer", "-"),
        ("boundaryEvent", "message", "-"),
        ("boundaryEvent", "timer", "-"),
        ("boundaryEvent", "error", "-"),
        ("boundaryEvent", "escalation", "-"),
    ]
)

LOOPS_SUPPORTED: frozenset[str] = frozenset({"sequential", "parallel"})

_GATEWAY = Text("请改画排他网关或并行网关", "draw an exclusive or parallel gateway")
_ACTIVITY_ADVICE: Mapping[str, Text] = {
    "complexGateway": _GATEWAY,
    "inclusiveGateway": Text(
        "请改画并行网关,并在每个分支开头用排他网关决定是否跳过",
        "draw a parallel gateway and let an exclusive gateway at the start of each branch decide whether to skip it",
    ),
    "transaction": Text("请改画子流程,并用错误边界事件处理失败", "draw a sub-process with an error boundary event"),
    "adHocSubProcess": Text("请改画子流程,并画明先后顺序", "draw a sub-process whose order is drawn"),
    "event sub-process": Text(
        "请改画子流程,并在其边界上画消息、定时或错误事件",
        "draw a sub-process with a message, timer or error event on its boundary",
    ),
}
_EVENT_ADVICE: Mapping[str, Text] = {
    "signal": Text("请改画消息事件", "draw a message event"),
    "conditional": Text("请改画排他网关,或等待消息", "draw an exclusive gateway or wait for a message"),
    "compensation": Text("请画出撤销所需的任务", "draw the tasks that undo the work"),
    "cancel": Text("请改画错误事件", "draw an error event"),
    "link": Text("请直接画顺序流", "draw the sequence flow itself"),
}
_START_ADVICE = Text(
    "请改画普通开始事件,由人员填表或由服务发起", "draw a plain start event; a person or a service starts the case"
)
_LOOP_ADVICE: Mapping[str, Text] = {
    "standard": Text("请用排他网关画出循环", "draw the loop with an exclusive gateway"),
}
_OTHER = Text("请改用本版支持的元素", "draw it with elements this version runs")


def construct_of(node: Node, *, in_event_subprocess: bool = False) -> Construct:
    """Return the entry of the table that the node would need."""
    if node.triggered_by_event:
        return (node.kind, "-", "event sub-process")
    event = node.event.kind if node.event else "-"
    if node.kind != "startEvent":
        return (node.kind, event, "-")
    return (node.kind, event, "event sub-process" if in_event_subprocess else "process")


def advice(node: Node, *, in_event_subprocess: bool = False) -> Text | None:
    """Return what to draw instead of a node this version does not run, None where it runs."""
    if node.event and node.event.definitions > 1:
        return Text("请每个事件只画一种定义", "give each event one definition")
    if node.for_compensation:
        return _EVENT_ADVICE["compensation"]
    if construct_of(node, in_event_subprocess=in_event_subprocess) in SUPPORTED:
        return _loop_advice(node)
    if node.triggered_by_event or in_event_subprocess:
        return _ACTIVITY_ADVICE["event sub-process"]
    if node.kind == "startEvent":
        return _START_ADVICE
    event = node.event.kind if node.kind in EVENTS and node.event else "-"
    return _ACTIVITY_ADVICE.get(node.kind) or _EVENT_ADVICE.get(event) or _OTHER


def _loop_advice(node: Node) -> Text | None:
    if node.loop is None or node.loop.kind in LOOPS_SUPPORTED:
        return None
    return _LOOP_ADVICE.get(node.loop.kind, _OTHER)

"""What this version runs, and what to draw instead of the rest.

``SUPPORTED`` lists every construct that runs as (kind, event, place): the BPMN tag, the kind of its event
(``-`` where it has none), and where it stands (``process``, ``sub-process``, ``event sub-process`` for start events,
else ``-``).
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
    "transaction",
    "adHocSubProcess",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
)
_EVENTS: Mapping[str, tuple[str, ...]] = {
    "intermediateCatchEvent": ("message", "timer", "signal", "conditional", "link"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "compensation", "link"),
    "boundaryEvent": (
        "message", "timer", "signal", "conditional", "error", "escalation", "compensation", "cancel",
    ),
    "endEvent": ("none", "message", "signal", "error", "escalation", "compensation", "terminate", "cancel"),
    "sendTask": ("message",),
    "receiveTask": ("message",),
}  # fmt: skip
_STARTS: Mapping[str, tuple[str, ...]] = {
    "process": ("none", "message", "timer", "signal"),
    "sub-process": ("none",),
    "event sub-process": ("message", "timer", "signal", "conditional", "error", "escalation", "compensation"),
}

SUPPORTED: frozenset[Construct] = frozenset(
    [
        *((kind, "-", "-") for kind in _PLAIN),
        *((kind, event, "-") for kind, events in _EVENTS.items() for event in events),
        *(("startEvent", event, place) for place, events in _STARTS.items() for event in events),
        ("subProcess", "-", "event sub-process"),
    ]
)

_ACTIVITY_ADVICE: Mapping[str, Text] = {
    "complexGateway": Text(
        "请改画包容网关或并行网关,把条件写在顺序流上",
        "draw an inclusive or parallel gateway and put the conditions on its flows",
    ),
}
_EVENT_ADVICE: Mapping[str, Text] = {
    "error": Text("错误只能由结束事件抛出,请改画错误结束事件", "end with an error: draw an error end event"),
    "terminate": Text("请改画终止结束事件", "draw a terminate end event"),
    "cancel": Text("请在事务内改画取消结束事件", "draw a cancel end event within a transaction"),
    "link": Text("请直接画顺序流,或成对画链接抛出与捕获事件", "draw a sequence flow, or a pair of link events"),
}
_START_ADVICE: Mapping[str, Text] = {
    "process": Text(
        "请改画普通开始事件(由人员填表或由服务发起),或由消息、定时、信号触发的开始事件",
        "draw a plain start event, by which a person or a service starts the case, or one with a message, timer or signal",
    ),
    "sub-process": Text("请改画普通开始事件", "draw a plain start event"),
    "event sub-process": Text(
        "请改画由消息、定时、信号、条件、错误、升级或补偿触发的开始事件",
        "draw a start event with a message, timer, signal, condition, error, escalation or compensation",
    ),
}
_INSTANTIATES = Text(
    "请改画由消息触发的开始事件,不勾选“实例化”", "draw start events with messages and do not tick “instantiate”"
)
_NO_CASE_YET = Text(
    "案件开始之前没有数据可供判断,请画普通开始事件,在其后画条件捕获事件",
    "draw a plain start event with a conditional event behind it: before a case starts there is nothing to look at",
)
_NO_SUCH_EVENT = Text("请改画带类型的事件(如消息、定时)", "draw an event with a type such as message or timer")
_OTHER = Text("请改用本版支持的元素", "draw it with elements this version runs")


def place_of(owner: Node | None) -> str:
    """Return where something stands: in the process itself, in an event sub-process or in another sub-process."""
    if owner is None:
        return "process"
    return "event sub-process" if owner.triggered_by_event else "sub-process"


def construct_of(node: Node, owner: Node | None = None) -> Construct:
    """Return the entry of the table that the node would need; ``owner`` is the sub-process it stands in."""
    if node.triggered_by_event:
        return (node.kind, "-", "event sub-process")
    event = node.event.kind if node.event else "-"
    return (node.kind, event, place_of(owner) if node.kind == "startEvent" else "-")


def advice(node: Node, owner: Node | None = None) -> Text | None:
    """Return what to draw instead of a node this version does not run, None where it runs."""
    if node.event and node.event.definitions > 1:
        return Text("请每个事件只画一种定义", "give each event one definition")
    if node.instantiates:
        return _INSTANTIATES
    if construct_of(node, owner) in SUPPORTED:
        return None
    if node.kind == "startEvent":
        needs_a_case = owner is None and node.event is not None and node.event.kind == "conditional"
        return _NO_CASE_YET if needs_a_case else _START_ADVICE[place_of(owner)]
    event = node.event.kind if node.kind in EVENTS and node.event else "-"
    return _ACTIVITY_ADVICE.get(node.kind) or _EVENT_ADVICE.get(event) or (_NO_SUCH_EVENT if event != "-" else _OTHER)

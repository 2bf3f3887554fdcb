"""From a drawn node to its spec: which class, and its expressions compiled once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from engine.diagram.tree import Event, VariableMapping
from engine.diagram.tree import Node as DrawnNode
from engine.errors import ModelError, Text
from engine.spiff.definition import ScopeSpec
from engine.spiff.expressions import Expression, formula, optional, value
from engine.spiff.specs.activity import Activity, Mapped
from engine.spiff.specs.ad_hoc import AdHoc, ChooseActivity, choice_form, choice_name
from engine.spiff.specs.boundary import BoundaryEvent
from engine.spiff.specs.call_activity import CallActivity
from engine.spiff.specs.catch import CatchEvent
from engine.spiff.specs.compensate import CancelEnd, CompensationThrow
from engine.spiff.specs.gateways import EventBasedGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.node import Node
from engine.spiff.specs.plain import PlainActivity
from engine.spiff.specs.rule_task import RuleTask
from engine.spiff.specs.script_task import ScriptTask
from engine.spiff.specs.service_task import ServiceTask
from engine.spiff.specs.standard_loop import StandardLoop
from engine.spiff.specs.sub_process import SubProcess
from engine.spiff.specs.throw import ErrorEnd, EscalationThrow, MessageThrow, SignalThrow, TerminateEnd
from engine.spiff.specs.trigger import Trigger
from engine.spiff.specs.user_task import UserTask

Maker = Callable[[ScopeSpec, DrawnNode, str], Node]
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def inner_key(process: str, element: str) -> str:
    """Return the key of a sub-process's definition; element ids are unique within a process only."""
    return f"{process}/{element}"


def make_specs(scope: ScopeSpec, drawn: DrawnNode, names: frozenset[str]) -> list[Node]:
    """Return the spec of a node, and before it the body of its multi-instance; raises ModelError if it cannot run."""
    if _is_compensation_event(drawn):
        return []
    if drawn.loop is None:
        return [_complete(_make(scope, drawn, drawn.id), drawn, names)]
    item = _complete(_make(scope, drawn, f"{drawn.id}[item]"), drawn, names)
    body = _body(scope, drawn, item, names)
    item.multi = body.name
    return [body, item]


def choice_spec(scope: ScopeSpec, owner: DrawnNode) -> Node:
    """Return the user task of an ad-hoc scope at which people choose; it is offered to the sub-process's role."""
    node = ChooseActivity(scope, owner, choice_name(owner.id))
    node.form = choice_form(owner.id)
    return node


def _is_compensation_event(drawn: DrawnNode) -> bool:
    """A compensation event on a border never waits: what it leads to is looked up when something is undone."""
    return drawn.kind == "boundaryEvent" and drawn.event is not None and drawn.event.kind == "compensation"


def _body(scope: ScopeSpec, drawn: DrawnNode, item: Node, names: frozenset[str]) -> Node:
    loop = drawn.loop
    assert loop is not None
    if loop.kind == "standard":
        again = StandardLoop(scope, drawn, item.name)
        again.condition = formula(loop.condition, names, drawn.id) if loop.condition else None
        again.maximum = optional(loop.maximum, names, drawn.id)
        return again
    body = MultiInstance(scope, drawn, item.name)
    _compile_loop(body, drawn, names)
    if isinstance(item, Activity):
        item.loop_names = frozenset((*body.local, *((body.element,) if body.element else ())))
    return body


def _make(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    maker = _MAKERS.get(drawn.kind)
    if maker is None:
        raise _unsupported(drawn)
    return maker(scope, drawn, name)


def _sub_process(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    return SubProcess(scope, drawn, inner_key(scope.process, drawn.id), name)


def _ad_hoc(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    return AdHoc(scope, drawn, inner_key(scope.process, drawn.id), name)


def _send(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    return ServiceTask(scope, drawn, name) if drawn.job_type else MessageThrow(scope, drawn, name)


def _call(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    return CallActivity(scope, drawn, drawn.called_process or "", name)


def _rule(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    return (
        ServiceTask(scope, drawn, name) if drawn.decision is None and drawn.job_type else RuleTask(scope, drawn, name)
    )


def _script(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    return (
        ServiceTask(scope, drawn, name) if drawn.script is None and drawn.job_type else ScriptTask(scope, drawn, name)
    )


def _catch(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    kind = drawn.event.kind if drawn.event else "none"
    if kind == "link":
        return PlainActivity(scope, drawn, name)
    if kind not in ("none", "message", "timer", "signal", "conditional"):
        raise _unsupported(drawn)
    return CatchEvent(scope, drawn, name)


def _boundary(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    kind = drawn.event.kind if drawn.event else "none"
    if kind not in ("message", "timer", "signal", "conditional", "error", "escalation", "cancel"):
        raise _unsupported(drawn)
    return BoundaryEvent(scope, drawn, name)


def _throw(scope: ScopeSpec, drawn: DrawnNode, name: str) -> Node:
    kind = drawn.event.kind if drawn.event else "none"
    if kind == "message" and drawn.job_type:
        return ServiceTask(scope, drawn, name)
    if kind not in _THROWS:
        raise _unsupported(drawn)
    return _THROWS[kind](scope, drawn, name)


_THROWS: dict[str, type[Activity]] = {
    "none": PlainActivity,
    "link": PlainActivity,
    "compensation": CompensationThrow,
    "cancel": CancelEnd,
    "message": MessageThrow,
    "signal": SignalThrow,
    "error": ErrorEnd,
    "escalation": EscalationThrow,
    "terminate": TerminateEnd,
}
_MAKERS: dict[str, Maker] = {
    "startEvent": PlainActivity,
    "task": PlainActivity,
    "manualTask": PlainActivity,
    "userTask": UserTask,
    "serviceTask": ServiceTask,
    "sendTask": _send,
    "businessRuleTask": _rule,
    "scriptTask": _script,
    "receiveTask": CatchEvent,
    "intermediateCatchEvent": _catch,
    "boundaryEvent": _boundary,
    "intermediateThrowEvent": _throw,
    "endEvent": _throw,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventBasedGateway,
    "subProcess": _sub_process,
    "transaction": _sub_process,
    "adHocSubProcess": _ad_hoc,
    "callActivity": _call,
}


def _complete(node: Node, drawn: DrawnNode, names: frozenset[str]) -> Node:
    """Compile what the class of the node needs."""
    if isinstance(node, CatchEvent):
        node.wait_for(trigger_of(drawn, names))
    elif drawn.kind != "startEvent":
        node.trigger = trigger_of(drawn, names)
    if isinstance(node, Activity):
        node.input_mappings = _mappings(drawn.inputs, names, drawn.id)
        node.output_mappings = _mappings(drawn.outputs, names, drawn.id)
    if isinstance(node, UserTask):
        _compile_user_task(node, drawn, names)
    elif isinstance(node, ServiceTask):
        node.type = optional(drawn.job_type, names, drawn.id)
        node.retries = optional(drawn.retries, names, drawn.id)
    elif isinstance(node, RuleTask):
        node.decision = optional(drawn.decision, names, drawn.id)
    elif isinstance(node, ScriptTask):
        node.script = formula(drawn.script or "null", names, drawn.id)
    elif isinstance(node, AdHoc) and drawn.ad_hoc is not None:
        node.active = optional(drawn.ad_hoc.active, names, drawn.id)
        node.completion = formula(drawn.ad_hoc.completion, names, drawn.id) if drawn.ad_hoc.completion else None
    return node


def trigger_of(drawn: DrawnNode, names: frozenset[str]) -> Trigger | None:
    """Return what an event waits for or throws; None for none events and everything that is no event."""
    event = drawn.event
    if event is None or event.kind == "none":
        return None
    timed = event.kind == "timer"
    if timed and (event.timer_kind is None or event.expression is None):
        zh = f"定时事件“{drawn.name or drawn.id}”应写明时间,但没有;请填写日期、时长或周期。"
        en = f"Expected a time on {drawn.name or drawn.id}, but there is none, so enter a date, duration or cycle."
        raise ModelError(Text(zh, en), drawn.id)
    expression = optional(event.expression, names, drawn.id) if timed else _condition(drawn, event, names)
    key = optional(event.correlation, names, drawn.id)
    return Trigger(event.kind, event.name, event.timer_kind, expression, key)


def _condition(drawn: DrawnNode, event: Event, names: frozenset[str]) -> Expression | None:
    if event.kind != "conditional":
        return None
    if not event.expression:
        zh = f"条件事件“{drawn.name or drawn.id}”应写明条件,但没有;请填写。"
        en = f"Expected a condition on {drawn.name or drawn.id}, but there is none, so enter it."
        raise ModelError(Text(zh, en), drawn.id)
    return formula(event.expression, names, drawn.id)


def _mappings(drawn: Iterable[VariableMapping], names: frozenset[str], element: str) -> tuple[Mapped, ...]:
    return tuple(Mapped(value(mapping.source, names, element), mapping.target) for mapping in drawn)


def _compile_user_task(node: UserTask, drawn: DrawnNode, names: frozenset[str]) -> None:
    node.assignee = optional(drawn.assignee, names, drawn.id)
    node.groups = tuple(value(text, names, drawn.id) for text in drawn.groups)
    node.users = tuple(value(text, names, drawn.id) for text in drawn.users or ())
    node.due = optional(drawn.due, names, drawn.id)
    node.follow_up = optional(drawn.follow_up, names, drawn.id)
    node.priority = optional(drawn.priority, names, drawn.id)


def _compile_loop(body: MultiInstance, drawn: DrawnNode, names: frozenset[str]) -> None:
    loop = drawn.loop
    assert loop is not None
    body.collection = formula(loop.collection, names, drawn.id) if loop.collection else None
    body.cardinality = formula(loop.cardinality, names, drawn.id) if loop.cardinality else None
    body.completion = formula(loop.completion, names, drawn.id) if loop.completion else None
    body.output_element = formula(loop.output_element, names, drawn.id) if loop.output_element else None
    body.local = tuple(_local_names(loop.output_element, loop.element))


def _local_names(output_element: str | None, element: str | None) -> Iterable[str]:
    """Return the variable an output element names: local, or iterations would overwrite each other."""
    path = (output_element or "").strip().removeprefix("=").strip()
    if _PATH.fullmatch(path):
        root = path.split(".")[0]
        if root not in (element, "loopCounter", "case", "policy", "null", "true", "false"):
            yield root


def _unsupported(drawn: DrawnNode) -> ModelError:
    shown = drawn.name or drawn.id
    zh = f"“{shown}”({drawn.kind})应为可执行的元素,但本版本不能执行;请换一种画法。"
    en = f"Expected an element that can be run, but {shown} ({drawn.kind}) cannot, so draw it differently."
    return ModelError(Text(zh, en), drawn.id)

"""Every FEEL expression of a process, with where it stands and what it says once compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.diagram.tree import AdHoc, Flow, Loop, Node, Process
from engine.errors import Text
from engine.feel import Compiled, FeelSyntaxError, compile_expression
from engine.model import Problem

_ANSWERED = frozenset({"serviceTask", "sendTask", "callActivity", "receiveTask", "businessRuleTask", "scriptTask"})


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as drawn; ``marked`` says it must start with ``=``, ``answered`` that it also reads an answer."""

    element: Node | Flow
    place: Text
    text: str
    marked: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression with its compilation, or with the problem that prevents it."""

    expression: Expression
    compiled: Compiled | None = None
    problem: Problem | None = None


def checked_expressions(process: Process, names: Iterable[str]) -> tuple[Checked, ...]:
    """Return the expressions of all elements, compiled for these names; literals without ``=`` are left out."""
    known = frozenset(names)
    found = (*_of_flows(process), *(item for node in process.nodes() for item in _of_node(node)))
    return tuple(_checked(item, known) for item in found if item.text.startswith("=") or item.marked)


def _checked(expression: Expression, names: frozenset[str]) -> Checked:
    try:
        return Checked(expression, compiled=compile_expression(expression.text, names))
    except FeelSyntaxError as error:
        return Checked(expression, problem=error.problem)


def _of_flows(process: Process) -> Iterator[Expression]:
    for flow in process.flows():
        if flow.condition:
            yield Expression(flow, Text("条件", "condition"), flow.condition, marked=True)


def _of_node(node: Node) -> Iterator[Expression]:
    plain = (
        (node.assignee, Text("办理人", "assignee")),
        (node.due, Text("到期时间", "due date")),
        (node.follow_up, Text("跟进时间", "follow-up date")),
        (node.priority, Text("优先级", "priority")),
        (node.retries, Text("重试次数", "retries")),
        *((user, Text("候选人", "candidate users")) for user in node.users or ()),
    )
    for text, place in plain:
        if text:
            yield Expression(node, place, text)
    if node.script:
        yield Expression(node, Text("脚本", "script"), node.script, marked=True)
    yield from _of_event(node)
    yield from _of_mappings(node)
    yield from _of_loop(node, node.loop)
    yield from _of_ad_hoc(node, node.ad_hoc)


def _of_event(node: Node) -> Iterator[Expression]:
    event = node.event
    if event and event.expression:
        place = Text("时间", "time") if event.kind == "timer" else Text("条件", "condition")
        yield Expression(node, place, event.expression, marked=event.kind == "conditional")
    if event and event.correlation:
        yield Expression(node, Text("消息关联键", "correlation key"), event.correlation, marked=True)


def _of_mappings(node: Node) -> Iterator[Expression]:
    for mapping in node.inputs:
        yield Expression(node, Text(f"输入“{mapping.target}”", f"input “{mapping.target}”"), mapping.source)
    answered = node.kind in _ANSWERED or node.event is not None
    for mapping in node.outputs:
        place = Text(f"输出“{mapping.target}”", f"output “{mapping.target}”")
        yield Expression(node, place, mapping.source, answered=answered)


def _of_loop(node: Node, loop: Loop | None) -> Iterator[Expression]:
    if loop is None:
        return
    parts = (
        (loop.collection, Text("输入集合", "input collection")),
        (loop.output_element, Text("输出元素", "output element")),
        (loop.completion, Text("完成条件", "completion condition")),
        (loop.cardinality, Text("循环次数", "loop cardinality")),
        (loop.condition, Text("循环条件", "loop condition")),
    )
    for text, place in parts:
        if text:
            yield Expression(node, place, text, marked=True)
    if loop.maximum:
        yield Expression(node, Text("最多轮数", "most rounds"), loop.maximum)


def _of_ad_hoc(node: Node, ad_hoc: AdHoc | None) -> Iterator[Expression]:
    if ad_hoc and ad_hoc.active:
        yield Expression(node, Text("启动的活动", "active elements"), ad_hoc.active)
    if ad_hoc and ad_hoc.completion:
        yield Expression(node, Text("完成条件", "completion condition"), ad_hoc.completion, marked=True)

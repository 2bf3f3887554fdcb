"""Every element says what it needs to run: a service its type, a rule its decision, a message its name."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "complete-element"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element that lacks what it needs."""
    for node in subject.nodes.values():
        for missing in _missing(node):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}应写明{missing.zh},请补上。",
                    f"Expected {missing.en} on {shown(node)}, but there is none, so add it.",
                ),
            )


def _missing(node: Node) -> Iterator[Text]:
    if node.kind in ("serviceTask", "sendTask") and not (node.job_type or node.event):
        yield Text("服务类型(taskDefinition type)", "a service type (taskDefinition type)")
    if node.kind == "businessRuleTask" and not (node.decision or node.job_type):
        yield Text("决策标识(calledDecision decisionId)", "a decision (calledDecision decisionId)")
    if node.decision and not node.result:
        yield Text("结果变量(resultVariable)", "a result variable (resultVariable)")
    if node.kind == "scriptTask" and not (node.script or node.job_type):
        yield Text("FEEL 表达式(zeebe:script)", "a FEEL expression (zeebe:script)")
    if node.script and not node.result:
        yield Text("结果变量(resultVariable)", "a result variable (resultVariable)")
    if node.kind == "callActivity" and not node.called_process:
        yield Text("被调用的流程(calledElement processId)", "a process to call (calledElement processId)")
    if node.loop and node.loop.kind != "standard" and not (node.loop.collection or node.loop.cardinality):
        yield Text("输入集合(inputCollection)", "an input collection (inputCollection)")
    if node.loop and node.loop.kind == "standard" and not (node.loop.condition or node.loop.maximum):
        yield Text("循环条件或最多轮数(loopCondition、loopMaximum)", "a loop condition or a most number of rounds")
    yield from _missing_of_event(node)


def _missing_of_event(node: Node) -> Iterator[Text]:
    event = node.event
    if event is None or event.name or node.job_type:
        return
    if event.kind == "conditional" and not event.expression:
        yield Text("条件(=…)", "a condition (=…)")
    if event.kind in ("message", "signal"):
        yield Text("消息或信号的名称", "the name of a message or signal")
    if event.kind == "escalation" and node.kind != "boundaryEvent":
        yield Text("升级代码(escalationCode)", "an escalation code")
    if event.kind == "error" and node.kind == "endEvent":
        yield Text("错误代码(errorCode)", "an error code")

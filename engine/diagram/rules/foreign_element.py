"""Nothing in a diagram is a program of another engine: no scripts, listeners, Java classes or unknown extensions.

Scripts are FEEL in ``zeebe:script``; everything a service does is named by its type.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.names import NEVER_RUN
from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node, Process
from engine.errors import Text
from engine.model import Finding

NAME = "foreign-element"

_SCRIPTS = frozenset({"bpmn:script", "bpmn:scriptFormat"})
_FORMS = frozenset({"zeebe:formKey", "zeebe:externalReference"})
_SCRIPT = Text("请改用 FEEL 表达式(zeebe:script)", "write a FEEL expression (zeebe:script)")
_FORM = Text("请填写 formId,引用文件夹中的表单", "enter the formId of a form in the folder")
_ALL_EVENTS = Text("请改画并行网关,其后各画一个捕获事件", "draw a parallel gateway with the events behind it")
_BESIDE = Text("请删去,或画成独立的流程并用调用活动调用", "remove it or draw it as a process and call that")
_OTHER = Text("请在 Camunda 8 方式下重画,去掉这一项", "draw it in the Camunda 8 profile without this")


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every node or process that carries something not known here."""
    carriers: tuple[Node | Process, ...] = (subject.process, *subject.nodes.values())
    for element in carriers:
        if element.foreign:
            yield subject.finding(NAME, element, _message(element, element.foreign))


def _message(element: Node | Process, marks: tuple[str, ...]) -> Text:
    listed = ", ".join(marks)
    instead = _advice(marks[0])
    return Text(
        f"{shown(element)}含有本产品不执行的“{listed}”,{instead.zh}。",
        f"Expected nothing foreign in {shown(element)}, but it has “{listed}”, so {instead.en}.",
    )


def _advice(mark: str) -> Text:
    if mark == "bpmn:eventGatewayType":
        return _ALL_EVENTS
    if mark.split()[0].removeprefix("bpmn:") in NEVER_RUN:
        return _BESIDE
    if mark in _SCRIPTS:
        return _SCRIPT
    return _FORM if mark in _FORMS else _OTHER

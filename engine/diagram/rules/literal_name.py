"""Forms, decisions, called processes, service types, roles and messages are named, not computed.

A name that is computed at run time cannot be resolved when the diagram is checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "literal-name"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every reference that is an expression."""
    for node in subject.nodes.values():
        for place, text in _references(node):
            if text and text.startswith("="):
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}的{place.zh}应直接写出名称,实际是表达式“{text}”,请写名称,或用排他网关分开。",
                        f"Expected a plain name as {place.en} of {shown(node)}, but it is the expression “{text}”, "
                        "so write the name or branch with an exclusive gateway.",
                    ),
                )


def _references(node: Node) -> Iterator[tuple[Text, str | None]]:
    yield Text("表单", "form"), node.form
    yield Text("决策", "decision"), node.decision
    yield Text("被调用流程", "called process"), node.called_process
    yield Text("服务类型", "service type"), node.job_type
    yield Text("事件名称或代码", "event name or code"), node.event.name if node.event else None
    for group in node.groups:
        yield Text("候选角色", "candidate group"), group

"""A process that a role may start has a plain start event with a form; no other start event has one.

Nobody is there to fill in a form when a message, a signal or time starts a case.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "start-form"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every start event without the form people would fill in, or with one that nobody can."""
    roles = [role.id for role in subject.bundle.roles.values() if subject.process.id in role.starts]
    starts = [node for node in subject.process.scope.nodes.values() if node.kind == "startEvent"]
    plain = [node for node in starts if _is_plain(node)]
    if roles and starts and not plain:
        yield subject.finding(NAME, starts[0], _no_plain_start(starts[0], roles))
    for node in plain:
        if roles and not node.form:
            yield subject.finding(NAME, node, _no_form(node, roles))
    for node in starts:
        if node.form and not _is_plain(node):
            yield subject.finding(NAME, node, _nobody(node))


def _is_plain(node: Node) -> bool:
    return node.event is not None and node.event.kind == "none"


def _no_plain_start(node: Node, roles: list[str]) -> Text:
    return Text(
        f"角色 {'、'.join(roles)} 可以发起本流程,但只有由事件触发的开始事件{shown(node)},"
        "请另画一个普通开始事件并填写 formId,或从 roles.yaml 的 starts 中删去本流程。",
        f"Expected a plain start event beside {shown(node)}, because {', '.join(roles)} may start the process, "
        "but there is none, so draw it with its formId or take the process out of starts in roles.yaml.",
    )


def _no_form(node: Node, roles: list[str]) -> Text:
    return Text(
        f"开始事件{shown(node)}应有表单,因为角色 {'、'.join(roles)} 可以发起本流程,请填写 formId。",
        f"Expected a form on start event {shown(node)}, because {', '.join(roles)} may start the process, "
        "but there is none, so enter its formId.",
    )


def _nobody(node: Node) -> Text:
    return Text(
        f"开始事件{shown(node)}由事件触发,没有人填表,请删去表单,或另画一个普通开始事件。",
        f"Expected no form on {shown(node)}, because an event starts the case and nobody fills it in, "
        "so remove the form or draw a plain start event as well.",
    )

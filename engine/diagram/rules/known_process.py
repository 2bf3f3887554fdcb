"""Call activities name a process that exists and can be called, and no process ends up calling itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Diagram
from engine.errors import Text
from engine.model import Finding

NAME = "known-process"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every call of an unknown process, back to this one, or of one that only events start."""
    for node in subject.nodes.values():
        name = node.called_process
        if not name or name.startswith("="):
            continue
        if name == subject.process.id or _comes_back(name, subject):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}调用的“{name}”又会调用本流程,请改画循环或消息。",
                    f"Expected {shown(node)} to call another process, but “{name}” leads back to this one, "
                    "so draw a loop or send a message.",
                ),
            )
        elif name not in subject.called:
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}调用的流程“{name}”不存在,请加入该流程的文件夹,或改正 processId。",
                    f"Expected a process “{name}” for {shown(node)}, but there is none, "
                    "so add its folder or correct the processId.",
                ),
            )
        elif not _starts_plainly(subject.called[name]):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}调用的流程“{name}”只由消息、定时或信号发起,不能被调用,请在其中另画一个普通开始事件。",
                    f"Expected {shown(node)} to call a process with a plain start event, but only events start “{name}”, "
                    "so draw a plain start event there as well.",
                ),
            )


def _starts_plainly(called: Diagram) -> bool:
    starts = [node for node in called.executable.scope.nodes.values() if node.kind == "startEvent"]
    return not starts or any(node.event is None or node.event.kind == "none" for node in starts)


def _comes_back(name: str, subject: Subject) -> bool:
    seen: set[str] = set()
    todo = [name]
    while todo:
        diagram = subject.called.get(todo.pop())
        names = diagram.called() if diagram else ()
        if subject.process.id in names:
            return True
        todo.extend(called for called in names if called not in seen)
        seen.update(names)
    return False

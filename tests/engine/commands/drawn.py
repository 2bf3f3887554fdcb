"""Small processes drawn in the test that deploys them: what a start event waits for, then one user task."""

from __future__ import annotations

from engine.bundle import Library
from engine.commands.deploy import deploy
from engine.model import SYSTEM
from engine.queries.waiting import open_tasks
from engine.testing import Desk

_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def drawn(process: str, declared: str, event: str, *, properties: str = "", after: str = "") -> bytes:
    """Return the file of a process: this start event, ``after`` it perhaps something on the way, a task, the end."""
    middle = "middle" if after else "look"
    flows = [("start", middle), ("middle", "look")] if after else [("start", "look")]
    drawn_flows = "".join(
        f'<sequenceFlow id="{one}_to_{two}" sourceRef="{one}" targetRef="{two}" />'
        for one, two in (*flows, ("look", "end"))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {_NAMESPACES} id="{process}_file" targetNamespace="http://example.org/parcels">
  {declared}
  <process id="{process}" name="{process}" isExecutable="true">
    <startEvent id="start" name="开始">{properties}{event}</startEvent>{after}
    <userTask id="look" name="查看"><extensionElements><zeebe:userTask /><zeebe:assignmentDefinition
      candidateGroups="clerk" /></extensionElements></userTask>
    <endEvent id="end" name="完成" />{drawn_flows}
  </process>
</definitions>""".encode()


def by_message(process: str, name: str, key: str = "") -> bytes:
    """Return a process that a message starts."""
    subscription = f'<zeebe:subscription correlationKey="={key}" />' if key else ""
    declared = f'<message id="m" name="{name}"><extensionElements>{subscription}</extensionElements></message>'
    return drawn(process, declared, '<messageEventDefinition messageRef="m" />')


def by_signal(process: str, name: str, after: str = "") -> bytes:
    """Return a process that a signal starts."""
    return drawn(process, f'<signal id="s" name="{name}" />', '<signalEventDefinition signalRef="s" />', after=after)


def by_time(process: str, kind: str, value: str, level: str = "") -> bytes:
    """Return a process that time starts; ``level`` says for the regions of which level."""
    timer = f'<{kind} xsi:type="tFormalExpression">{value}</{kind}>'
    named = f'<zeebe:property name="startFor" value="{level}" />' if level else ""
    properties = f"<extensionElements><zeebe:properties>{named}</zeebe:properties></extensionElements>" if named else ""
    return drawn(process, "", f"<timerEventDefinition>{timer}</timerEventDefinition>", properties=properties)


def put(desk: Desk, library: Library, process: str, content: bytes) -> None:
    """Deploy the process as its newest version."""
    bundle = library.with_folder(process, {f"{process}.bpmn": content}).bundle(process)
    desk.do(deploy, SYSTEM, bundle=bundle)


def at_look(desk: Desk) -> list[int]:
    """Return the cases that stand at the task after their start, oldest first."""
    with desk.runtime.read() as transaction:
        return [row.case for row in open_tasks(transaction) if row.element == "look"]

"""Compares the names in scenarios with those of the diagrams, so that a renamed task is noticed before a rehearsal."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.bundle import FileError
from engine.diagram.subject import Subject
from engine.errors import Text
from engine.model import Finding, Position
from engine.scenario import (
    AnswerJob,
    Complete,
    PublishMessage,
    Refuse,
    Scenario,
    SendMessage,
    SendSignal,
    Start,
    StartByEvent,
    Step,
    read_scenarios,
)

RULE = "scenario-name"
BEGINS = "begins"
SYSTEM_ROLES = frozenset({"system", "citizen"})


def check_scenarios(subject: Subject, titles: frozenset[str]) -> Iterator[Finding]:
    """Return findings for scenario files that cannot be read and for names that no diagram has."""
    try:
        scenarios = read_scenarios(subject.bundle.files)
    except FileError as error:
        yield from error.findings
        return
    names = _Names(subject, titles)
    for scenario in scenarios:
        yield from names.check(scenario)


class _Names:
    """The names a scenario may use."""

    def __init__(self, subject: Subject, titles: frozenset[str]) -> None:
        diagrams = (subject.diagram, *subject.called.values())
        nodes = [node for diagram in diagrams for node in diagram.nodes()]
        self.elements = {name for node in nodes for name in (node.id, node.name) if name}
        self.types = {node.job_type for node in nodes if node.job_type}
        self.messages = {node.event.name for node in nodes if node.event and node.event.kind == "message"}
        self.signals = {node.event.name for node in nodes if node.event and node.event.kind == "signal"}
        self.roles = {*subject.bundle.roles, *SYSTEM_ROLES}
        self.documents = titles | set(subject.documents)
        # Tasks and services of the cases that the process begins lie in diagrams it does not call; playing finds them.
        self.begins_others = bool(subject.process.properties.get(BEGINS))

    def check(self, scenario: Scenario) -> Iterator[Finding]:
        yield from self._step(scenario, scenario.start)
        for step in scenario.steps:
            yield from self._step(scenario, step.action if isinstance(step, Refuse) else step)
        expect = scenario.expect
        ends = (expect.end,) if expect.end else ()
        for name in (*ends, *expect.visited, *expect.not_visited, *(expect.open or ())):
            yield from self._known(scenario, expect.line, name, self.elements, Text("流程图中的元素", "an element"))
        for name in expect.documents or ():
            yield from self._known(scenario, expect.line, name, self.documents, Text("文书", "a notice"))

    def _step(self, scenario: Scenario, step: Step) -> Iterator[Finding]:
        line = step.line
        if isinstance(step, Start | Complete):
            yield from self._known(scenario, line, step.by.role, self.roles, Text("roles.yaml 中的角色", "a role"))
        if isinstance(step, Complete) and not self.begins_others:
            yield from self._known(scenario, line, step.task, self.elements, Text("流程图中的任务", "a task"))
        if isinstance(step, AnswerJob) and not self.begins_others:
            yield from self._known(scenario, line, step.type, self.types, Text("流程图中的服务类型", "a service type"))
        by_event = step.kind if isinstance(step, StartByEvent) else ""
        if isinstance(step, SendMessage | PublishMessage | StartByEvent) and by_event in ("", "message"):
            yield from self._known(scenario, line, step.name, self.messages, Text("流程图中的消息", "a message"))
        if isinstance(step, SendSignal | StartByEvent) and by_event in ("", "signal"):
            yield from self._known(scenario, line, step.name, self.signals, Text("流程图中的信号", "a signal"))
        if isinstance(step, StartByEvent) and by_event == "timer":
            yield from self._known(scenario, line, step.name, self.elements, Text("定时开始事件", "a timer start event"))

    def _known(
        self, scenario: Scenario, line: int, name: str, known: Collection[str | None], what: Text
    ) -> Iterator[Finding]:
        if name in known:
            return
        message = Text(
            f"“{name}”应是{what.zh},但没有这个名称,请改正。",
            f"Expected {what.en} named “{name}”, but there is none, so correct the scenario.",
        )
        yield Finding(scenario.file, name, Position(line, 1), RULE, "error", message)

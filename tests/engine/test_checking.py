import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.bundle import Library
from engine.checking import ServiceNames, check_bundle
from engine.clock import Calendar
from engine.errors import Text
from engine.model import Finding, Role

SERVICES = ServiceNames(local=frozenset({"register"}), results={"register": frozenset({"entry"})})
ROLES = {"operator": Role("operator", Text("经办", "Operator"), "township", starts=frozenset({"demo"}))}
FORM = {
    "schemaVersion": 19,
    "type": "default",
    "id": "apply",
    "components": [{"type": "number", "id": "Field_1", "key": "amount", "label": "金额"}],
}
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="track" name="track"><variable name="track"/><literalExpression><text>amount > 3</text></literalExpression>
</decision></definitions>"""
NOTICE = "---\nid: notice\ntitle: 告知书\nnumber: 告\nbasis: 依据\naudience: citizen\n---\n金额 {{ amount }} 元\n"
SCENARIO = """name: 通过
on: 2026-01-05T09:00
start: {by: operator, at: 410721101, data: {amount: 5}}
steps:
  - complete: 核对
    by: operator
expect: {end: 办结, visited: [核对], documents: [告知书]}
"""
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="file" targetNamespace="t">
  <process id="demo" name="示例" isExecutable="true">
    <startEvent id="start"><extensionElements><zeebe:formDefinition formId="apply"/></extensionElements></startEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="rule"/>
    <businessRuleTask id="rule" name="判定"><extensionElements>
      <zeebe:calledDecision decisionId="track" resultVariable="large"/></extensionElements></businessRuleTask>
    <sequenceFlow id="f2" sourceRef="rule" targetRef="book"/>
    <serviceTask id="book" name="登记"><extensionElements>
      <zeebe:taskDefinition type="register"/></extensionElements></serviceTask>
    <sequenceFlow id="f3" sourceRef="book" targetRef="check"/>
    <userTask id="check" name="核对"><extensionElements><zeebe:userTask/>
      <zeebe:assignmentDefinition candidateGroups="operator"/>
      <zeebe:taskSchedule dueDate="=workdays after(today(), policy.check.days)"/>
      <zeebe:properties><zeebe:property name="document" value="notice"/></zeebe:properties>
    </extensionElements></userTask>
    <sequenceFlow id="f4" sourceRef="check" targetRef="end"/>
    <endEvent id="end" name="办结"/>
  </process>
  <bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="pl" bpmnElement="demo">SHAPES</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>""".replace(
    "SHAPES",
    "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"/>'
        for name in ("start", "rule", "book", "check", "end", "f1", "f2", "f3", "f4")
    ),
)
POLICY = 'check.days: {name: 核对期, unit: working days, source: "[X]", values: [{from: 2026-01-01, value: 3}]}'
FILES = {
    "demo.bpmn": DIAGRAM,
    "apply.form": json.dumps(FORM),
    "track.dmn": TABLE,
    "policy.yaml": POLICY,
    "documents/notice.md": NOTICE,
    "scenarios/pass.yaml": SCENARIO,
}


def check(change: Callable[[dict[str, str]], None] = lambda files: None, **options: object) -> list[Finding]:
    files = dict(FILES)
    change(files)
    encoded = {name: text.encode() for name, text in files.items()}
    library = Library(ROLES, frozenset(), Calendar({}), {}, {"demo": encoded})
    library = replace(library, **options) if options else library
    return check_bundle(library.bundle("demo"), SERVICES)


def test_a_complete_folder_has_no_findings() -> None:
    assert check() == []


def swap(file: str, old: str, new: str) -> Callable[[dict[str, str]], None]:
    def change(files: dict[str, str]) -> None:
        assert old in files[file]
        files[file] = files[file].replace(old, new)

    return change


SCRIPT = '<scriptTask id="book" name="登记" scriptFormat="python"><script>import os</script></scriptTask>'
SERVICE = """<serviceTask id="book" name="登记"><extensionElements>
      <zeebe:taskDefinition type="register"/></extensionElements></serviceTask>"""


@pytest.mark.parametrize(
    ("change", "rule", "file", "element"),
    [
        (swap("demo.bpmn", SERVICE, SCRIPT), "foreign-element", "demo.bpmn", "book"),
        (swap("demo.bpmn", SERVICE, '<complexGateway id="book"/>'), "supported-element", "demo.bpmn", "book"),
        (swap("demo.bpmn", "<definitions", "<!DOCTYPE a []><definitions"), "doctype", "demo.bpmn", None),
        (
            swap("demo.bpmn", 'candidateGroups="operator"', 'candidateGroups="mayor"'),
            "known-role",
            "demo.bpmn",
            "check",
        ),
        (swap("demo.bpmn", 'formId="apply"', 'formId="lost"'), "known-form", "demo.bpmn", "start"),
        (swap("demo.bpmn", 'type="register"', 'type="lost"'), "known-service", "demo.bpmn", "book"),
        (swap("demo.bpmn", "policy.check.days", "policy.check.dayz"), "known-policy", "demo.bpmn", "check"),
        (swap("demo.bpmn", 'decisionId="track"', 'decisionId="lost"'), "known-decision", "demo.bpmn", "rule"),
        (swap("demo.bpmn", 'value="notice"', 'value="lost"'), "known-document", "demo.bpmn", "check"),
        (swap("demo.bpmn", 'isExecutable="true"', 'isExecutable="false"'), "executable-process", "demo.bpmn", "demo"),
        (swap("demo.bpmn", 'id="end" name', 'id="check" name'), "duplicate-id", "demo.bpmn", "check"),
        (swap("documents/notice.md", "{{ amount }}", "{{ policy.lost }}"), "known-policy", "demo.bpmn", "check"),
        (swap("documents/notice.md", "{{ amount }}", "{{ lost }}"), "feel-name", "demo.bpmn", "check"),
        (swap("track.dmn", "amount > 3", "amuont > 3"), "feel-name", "demo.bpmn", "rule"),
        (swap("policy.yaml", "value: 3", "worth: 3"), "policy-file", "policy.yaml", "check.days.values[0]"),
        (
            swap("scenarios/pass.yaml", "complete: 核对", "complete: 复核"),
            "scenario-name",
            "scenarios/pass.yaml",
            "复核",
        ),
        (
            swap("scenarios/pass.yaml", "by: operator, at", "by: mayor, at"),
            "scenario-name",
            "scenarios/pass.yaml",
            "mayor",
        ),
        (swap("scenarios/pass.yaml", "end: 办结", "end: 完结"), "scenario-name", "scenarios/pass.yaml", "完结"),
        (swap("scenarios/pass.yaml", "on: 2026-01-05T09:00", "on: now"), "scenario-file", "scenarios/pass.yaml", "on"),
    ],
)
def test_what_does_not_resolve_is_named_with_its_file_and_element(
    change: Callable[[dict[str, str]], None], rule: str, file: str, element: str | None
) -> None:
    found = [finding for finding in check(change) if finding.rule == rule]
    assert (file, element, "error") in [(finding.file, finding.element, finding.severity) for finding in found]
    assert {finding.file for finding in found} == {file}
    assert all(finding.position is not None for finding in found)


@pytest.mark.parametrize("file", ["apply.form", "track.dmn", "documents/notice.md"])
def test_a_broken_file_is_named(file: str) -> None:
    findings = check(lambda files: files.update({file: "\x00 not this"}))
    assert file in {finding.file for finding in findings if finding.severity == "error"}


def test_a_folder_without_its_diagram_is_named() -> None:
    def rename(files: dict[str, str]) -> None:
        files["other.bpmn"] = files.pop("demo.bpmn")

    assert [finding.rule for finding in check(rename)] == ["process-folder"]


def test_an_id_that_a_shared_file_has_too_is_named() -> None:
    findings = check(shared={"apply2.form": json.dumps(FORM).encode()})
    assert [(finding.rule, finding.element) for finding in findings] == [("duplicate-id", "apply")]


def test_findings_come_in_the_order_of_the_file() -> None:
    def change(files: dict[str, str]) -> None:
        swap("demo.bpmn", 'candidateGroups="operator"', 'candidateGroups="mayor"')(files)
        swap("demo.bpmn", 'type="register"', 'type="lost"')(files)

    assert [finding.rule for finding in check(change)] == ["known-service", "known-role"]


def test_a_wide_diagram_is_checked_without_hanging() -> None:
    tasks = "".join(
        f'<manualTask id="w{n}"/><sequenceFlow id="a{n}" sourceRef="fork" targetRef="w{n}"/>'
        f'<sequenceFlow id="b{n}" sourceRef="w{n}" targetRef="join"/>'
        for n in range(1500)
    )
    wide = (
        '<sequenceFlow id="f4" sourceRef="check" targetRef="fork"/><parallelGateway id="fork"/>'
        f'{tasks}<parallelGateway id="join"/><sequenceFlow id="f5" sourceRef="join" targetRef="end"/>'
    )
    began = time.monotonic()
    findings = check(swap("demo.bpmn", '<sequenceFlow id="f4" sourceRef="check" targetRef="end"/>', wide))
    assert time.monotonic() - began < 60, "a guard against hanging"
    assert {finding.rule for finding in findings} == {"drawing"}

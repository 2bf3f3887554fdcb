"""Every rule has a folder with a correct and an incorrect example; the incorrect one names the elements found."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.diagram import Diagram, read
from engine.diagram.rules import RULES
from engine.diagram.subject import Facts, ServiceNames, Subject
from engine.errors import Text
from engine.model import Bundle, PolicyEntry, PolicyValue, Role

EXAMPLES = Path(__file__).parent / "rules"
BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'

ROLES = {
    "township_operator": Role(
        "township_operator", Text("乡镇经办", "Township operator"), "township", starts=frozenset({"demo"})
    )
}
POLICY = {
    name: PolicyEntry(name, label, unit, "s", (PolicyValue(Decimal(value), date.min),))
    for name, label, unit, value in (("publicity.days", "公示期", "days", "7"), ("temp.limit", "限额", "CNY", "2000.5"))
}
CALLED = {
    "visit": "<startEvent id='s'/><userTask id='t'><extensionElements>"
    "<zeebe:assignmentDefinition assignee='=visitor'/></extensionElements></userTask>",
    "told_only": "<startEvent id='s'><messageEventDefinition/></startEvent>",
    "comes_back": "<startEvent id='s'/><callActivity id='c' calledElement='demo'/>",
}


def called(process: str, body: str) -> Diagram:
    data = f"<definitions {BPMN}><process id='{process}' isExecutable='true'>{body}</process></definitions>"
    return read(data.encode(), f"{process}.bpmn")


def subject(path: Path) -> Subject:
    data = path.read_bytes()
    return Subject(
        diagram=read(data, path.name, ROLES),
        bundle=Bundle("demo", {"demo.bpmn": data}, {}, ROLES, frozenset({"outside_worker"}), POLICY, {}, ""),
        services=ServiceNames(frozenset({"register"}), frozenset({"bank_transfer"}), {"register": frozenset()}),
        forms={"apply": Facts(writes=frozenset({"amount", "persons", "name"}))},
        decisions={
            "track": Facts(reads=frozenset({"amount"})),
            "reads_lost_policy": Facts(paths=frozenset({("policy", "lost")})),
        },
        documents={"notice": Facts(reads=frozenset({"name"}))},
        called={name: called(name, body) for name, body in CALLED.items()},
    )


def folder(rule: str) -> Path:
    return EXAMPLES / rule.replace("-", "_")


def test_every_rule_has_a_file_a_documentation_and_two_examples() -> None:
    modules = Path(RULES["deadlock"].__code__.co_filename).parent
    files = {path.stem for path in modules.glob("*.py")} - {"__init__"}
    assert files == {rule.replace("-", "_") for rule in RULES}
    assert files == {path.name for path in EXAMPLES.iterdir()}
    assert all((modules / f"{name}.py").read_text("utf-8").startswith('"""') for name in files)


@pytest.mark.parametrize("rule", RULES)
def test_the_correct_example_keeps_the_rule(rule: str) -> None:
    assert list(RULES[rule](subject(folder(rule) / "correct.bpmn"))) == []


@pytest.mark.parametrize("rule", RULES)
def test_the_incorrect_example_breaks_it_at_the_elements_it_names(rule: str) -> None:
    path = folder(rule) / "incorrect.bpmn"
    text = path.read_text("utf-8")
    expected = re.search(r"<!-- findings at: (.*) -->", text)
    assert expected is not None
    found = list(RULES[rule](subject(path)))
    assert {finding.element for finding in found} == set(expected[1].split(", "))
    for finding in found:
        assert finding.rule == rule
        assert finding.file == "incorrect.bpmn"
        assert finding.position is not None
        line = text.splitlines()[finding.position.line - 1][finding.position.column - 1 :]
        assert re.match(rf'<\w+ [^<]*id="{finding.element}"', line)


@pytest.mark.parametrize("rule", RULES)
def test_every_sentence_says_what_was_expected_and_what_to_do_in_both_languages(rule: str) -> None:
    for finding in RULES[rule](subject(folder(rule) / "incorrect.bpmn")):
        assert "Expected" in finding.message.en
        assert re.search("[一-鿿]", finding.message.zh)
        named = finding.element or ""
        if rule not in ("process-facts", "process-folder"):
            assert named in finding.message.zh
            assert named in finding.message.en


def test_an_index_under_a_kind_that_nobody_searches_is_named_beside_a_misspelt_variable() -> None:
    found = [finding.message.en for finding in RULES["process-facts"](subject(folder("process-facts") / "incorrect.bpmn"))]
    assert len(found) == 2
    assert "“fone”" in found[0]
    assert "“amount” is searched by nobody" in found[1]


def test_a_service_nobody_answers_is_a_warning_where_an_outside_worker_may_serve_it() -> None:
    upload = subject(folder("known-service") / "incorrect.bpmn")
    object.__setattr__(upload, "unknown_service", "warning")
    assert [finding.severity for finding in RULES["known-service"](upload)] == ["warning"]

"""A diagram that could do harm or cannot be run is refused by ``doudi check``, which names the element."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import main

BPMN = Path(__file__).parents[1] / "bpmn"


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def check(library: Path) -> tuple[int, list[dict[str, str]]]:
    result = CliRunner().invoke(main, ["check", str(library / "visit"), "--json"])
    return result.exit_code, json.loads(result.output)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BPMN, tmp_path / "bpmn"))


def spoil(library: Path, change: Callable[[str], str]) -> None:
    file = library / "visit" / "visit.bpmn"
    file.write_text(change(file.read_text("utf-8")), "utf-8")


def test_the_unspoiled_process_is_accepted(library: Path) -> None:
    assert check(library) == (0, [])


@pytest.mark.parametrize(
    ("change", "element"),
    [
        pytest.param(
            swap(
                "<bpmn:incoming>flow_start_visit_prepare</bpmn:incoming>",
                "<bpmn:incoming>flow_start_visit_prepare</bpmn:incoming><bpmn:script>import os</bpmn:script>",
            ),
            "prepare",
            id="a script in Python",
        ),
        pytest.param(
            swap('candidateGroups="township_operator"', 'candidateGroups="mayor"'), "task_assign", id="an unknown role"
        ),
        pytest.param(swap('formId="visit_assign"', 'formId="visit_nothing"'), "task_assign", id="an unknown form"),
        pytest.param(
            swap(
                '<bpmn:scriptTask id="prepare" name="准备调查">\n      <bpmn:extensionElements>',
                '<bpmn:scriptTask id="prepare" name="准备调查">\n      <bpmn:extensionElements>'
                '<zeebe:taskDefinition type="no_such_service" />',
            ),
            "prepare",
            id="an unknown service",
        ),
        pytest.param(
            swap('dueDate="=visit_due"', 'dueDate="=workdays after(now(), policy.no.such_number)"'),
            "task_assign",
            id="an unknown policy key",
        ),
        pytest.param(
            lambda text: text.replace('<bpmn:exclusiveGateway id="gw_home"', '<bpmn:complexGateway id="gw_home"', 1)
            .replace("</bpmn:exclusiveGateway>", "</bpmn:complexGateway>", 1),
            "gw_home",
            id="a complex gateway",
        ),
    ],
)
def test_a_spoiled_process_is_refused_at_its_element(
    library: Path, change: Callable[[str], str], element: str
) -> None:
    spoil(library, change)

    code, findings = check(library)

    errors = [finding for finding in findings if finding["severity"] == "error"]
    assert code == 1
    assert element in {finding["element"] for finding in errors}
    assert all(finding["message"]["zh"] and finding["message"]["en"] for finding in errors)


def test_a_doctype_is_refused(library: Path) -> None:
    spoil(library, swap("?>\n", '?>\n<!DOCTYPE definitions [<!ENTITY a "b">]>\n'))

    code, findings = check(library)

    assert code == 1
    assert any("DOCTYPE" in finding["message"]["en"] for finding in findings)

"""The diagrams before the modeler's own reader, its vocabulary and bpmnlint: no errors, and only warnings a page explains."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.bundle import read_library
from engine.diagram import read
from engine.diagram.rules import RULES
from engine.diagram.subject import Subject
from tests import npm

ROOT = Path(__file__).parents[1]
DIAGRAMS = sorted((ROOT / "bpmn").glob("*/*.bpmn"))
PAGE = ROOT / "docs" / "bpmnlint.md"
ANY = "*"


class Found(NamedTuple):
    """What the linter says of one element."""

    process: str
    rule: str
    element: str
    category: str
    message: str


def lint(files: Iterable[Path]) -> list[Found]:
    """Every finding in the files, from one run of Node."""
    own = npm.install(Path(__file__).parent / "modeler", "modeler", ("lint.mjs",))
    done = subprocess.run([npm.NODE, own / "lint.mjs", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [
        Found(Path(one["file"]).stem, one["rule"], one["id"], one["category"], one["message"])
        for one in json.loads(done.stdout)
    ]


@pytest.fixture(scope="module")
def findings() -> list[Found]:
    return lint(DIAGRAMS)


def allowed() -> set[tuple[str, str, str]]:
    """Process, rule and element of every row of the page; an asterisk stands for any."""
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w*]+)` \| ([^|]+) \| [^|]+ \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {(process, rule, one) for rule, process, cell in rows for one in re.findall(r"`([\w*]+)`", cell)}


def covers(row: tuple[str, str, str], found: Found) -> bool:
    return all(said in (ANY, seen) for said, seen in zip(row, (found.process, found.rule, found.element), strict=True))


def test_no_diagram_has_an_error(findings):
    assert [one for one in findings if one.category != "warn"] == []


def test_every_warning_is_explained_on_the_page_and_the_page_explains_no_other(findings):
    rows, warnings = allowed(), [one for one in findings if one.category == "warn"]
    assert [one for one in warnings if not any(covers(row, one) for row in rows)] == []
    assert [row for row in rows if not any(covers(row, one) for one in warnings)] == []


def test_where_ways_meet_without_a_gateway_they_are_alternatives(findings):
    library = read_library(ROOT / "bpmn")
    meeting = {(one.process, one.element) for one in findings if one.rule == "fake-join"}
    assert meeting
    doubled = set()
    for process in {process for process, _ in meeting}:
        bundle = library.bundle(process)
        subject = Subject(read(bundle.files[f"{process}.bpmn"], f"{process}.bpmn", bundle.roles), bundle)
        doubled |= {(process, one.element) for one in RULES["doubled-token"](subject)}
    assert meeting & doubled == set()


def test_a_misspelt_attribute_and_a_question_without_words_are_errors(tmp_path):
    drawn = (ROOT / "bpmn" / "account_check" / "account_check.bpmn").read_text("utf-8")
    spoilt = tmp_path / "spoilt.bpmn"
    spoilt.write_text(
        drawn.replace(' name="账户可用？"', "").replace("taskDefinition type=", "taskDefinition tpye="), "utf-8"
    )
    errors = [one for one in lint([spoilt]) if one.category == "error"]
    assert {(one.rule, one.element) for one in errors} == {("vocabulary", ""), ("label-required", "gw_ok")}

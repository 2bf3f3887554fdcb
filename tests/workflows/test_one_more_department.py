"""CONTRIBUTING says how one more department joins the economic check; here it is done, word for word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.rehearsal import rehearse
from workflows.stage import BureauStage

ROOT = Path(__file__).parents[2]
STEPS = re.search(
    r"## Add a department to the check\n(.*?)\n## ", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL
)
SCENARIO = "bpmn/check/scenarios/11_only_authorised_scope.yaml"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "bpmn", tmp_path / "bpmn")
    return tmp_path


def blocks() -> dict[str, str]:
    """Return the lines CONTRIBUTING shows, by the file each goes into."""
    assert STEPS, "CONTRIBUTING has no such section"
    shown = re.findall(r"`(bpmn/[\w./]+|workflows/[\w./]+)`.*?```\w*\n(.*?)```", STEPS[1], re.DOTALL)
    return {file: re.sub(r"^ {3}", "", lines, flags=re.MULTILINE) for file, lines in shown}


def test_fewer_than_ten_lines_are_enough():
    assert 0 < sum(lines.count("\n") for lines in blocks().values()) < 10


def test_the_department_is_asked_and_answers_and_every_other_scenario_still_says_so(library):
    told = blocks()
    sources = library / "bpmn/check/sources.dmn"
    text = sources.read_text("utf-8")
    last = re.search(r"(\{name: [^\n]*)\n      \]", text)
    assert last
    sources.write_text(text.replace(last[1], f"{last[1]},\n{told['bpmn/check/sources.dmn'].strip()}"), "utf-8")
    scenario = library / SCENARIO
    said = scenario.read_text("utf-8")
    assert said.count("  - complete: 审核素描点并签发报告") == 1
    answered = re.sub("^", "  ", told[SCENARIO].rstrip(), flags=re.MULTILINE) + "\n  - complete: 审核素描点并签发报告"
    scenario.write_text(
        said.replace("  - complete: 审核素描点并签发报告", answered).replace("check_queries: 2", "check_queries: 3"),
        "utf-8",
    )

    folder = library / "bpmn"
    read = read_library(folder)
    found = rehearse(BureauStage(folder, read), read, ["check"])

    assert [failure.message for failure in found.failures if failure.file.endswith(Path(SCENARIO).name)] == []

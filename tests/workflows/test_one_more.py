"""CONTRIBUTING says how one more department and one more notice join; here it is done, word for word."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.rehearsal import play
from engine.scenario import read_scenarios
from workflows.stage import BureauStage

ROOT = Path(__file__).parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ASKED = "bpmn/check/scenarios/11_only_authorised_scope.yaml"
ISSUED = "bpmn/dibao/scenarios/12_withdrawn.yaml"
NOTICES = "bpmn/dibao/documents"


def blocks(section: str) -> dict[str, str]:
    """Return the lines the section shows, by the file each goes into."""
    steps = re.search(rf"## {section}\n(.*?)\n## ", CONTRIBUTING, re.DOTALL)
    assert steps, "CONTRIBUTING has no such section"
    shown = re.findall(r"`(bpmn/[\w./]+|workflows/[\w./]+)`.*?```\w*\n(.*?)```", steps[1], re.DOTALL)
    return {file: re.sub(r"^ {3}", "", lines, flags=re.MULTILINE) for file, lines in shown}


DEPARTMENT, SLIP = blocks("Add a department to the check"), blocks("Add a notice to a process")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the processes to which both were added."""
    folder = tmp_path_factory.mktemp("library") / "bpmn"
    shutil.copytree(ROOT / "bpmn", folder)
    _add_department(folder.parent)
    _add_notice(folder.parent)
    return folder


@pytest.fixture(scope="module")
def stage(library: Path) -> BureauStage:
    return BureauStage(library, read_library(library))


def _add_department(root: Path) -> None:
    sources = root / "bpmn/check/sources.dmn"
    text = sources.read_text("utf-8")
    last = re.search(r"(\{name: [^\n]*)\n      \]", text)
    assert last
    sources.write_text(text.replace(last[1], f"{last[1]},\n{DEPARTMENT['bpmn/check/sources.dmn'].strip()}"), "utf-8")
    answered = re.sub("^", "  ", DEPARTMENT[ASKED].rstrip(), flags=re.MULTILINE)
    _replace(root / ASKED, "  - complete: 审核素描点并签发报告", f"{answered}\n  - complete: 审核素描点并签发报告")
    _replace(root / ASKED, "check_queries: 2", "check_queries: 3")


def _add_notice(root: Path) -> None:
    (root / NOTICES / "dibao_village_slip.md").write_text(SLIP[NOTICES], "utf-8")
    issued = SLIP["bpmn/dibao/dibao.bpmn"].strip()
    before = issued.replace(", dibao_village_slip", "")
    _replace(root / "bpmn/dibao/dibao.bpmn", before, issued)
    _replace(root / ISSUED, "撤回低保申请回执]", "撤回低保申请回执, 撤回告知单]")


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def _messages(stage: BureauStage, library: Path, scenario: str) -> Sequence[str]:
    """Return what failed in the one scenario."""
    process = Path(scenario).parts[1]
    (told,) = [
        one
        for one in read_scenarios(read_library(library).folders[process])
        if Path(one.file).name == Path(scenario).name
    ]
    return [failure.message for failure in play(stage, process, told, set())]


@pytest.mark.parametrize("shown", [DEPARTMENT, SLIP], ids=["department", "notice"])
def test_fewer_than_ten_lines_are_enough(shown):
    assert 0 < sum(lines.count("\n") for lines in shown.values()) < 10


def test_the_department_is_asked_and_answers(stage, library):
    assert _messages(stage, library, ASKED) == []


def test_the_notice_is_issued(stage, library):
    assert _messages(stage, library, ISSUED) == []

"""Notices and forms speak the law's words; the numbers of the bureau's own specification stay in READMEs and sources."""

from __future__ import annotations

import re
from pathlib import Path

from tests.workflows.test_written_amounts import shown

# X4, P09, D18, G12, SD1, [62], [57 art17]: headings, tables, rules and sources of the specification.
INTERNAL = re.compile(r"(?<![A-Za-z0-9=_/.{-])(?:[XPSDG]\d{1,2}[a-f]?|SD\d)(?![A-Za-z0-9-])|\[(?:[A-Z]{2,}\d*|\d{2})\b[^\]]*\]")
RULES = Path(__file__).parents[2] / "bpmn"


def test_no_notice_or_form_cites_the_specification() -> None:
    assert [(where, found[0]) for where, zh, en in shown() for found in INTERNAL.finditer(f"{zh} {en}")] == []


def test_no_rule_that_a_case_shows_cites_the_specification() -> None:
    cited = [(path.name, found[0]) for path in RULES.glob("*/*.dmn") for found in INTERNAL.finditer(_texts(path))]
    assert cited == []


def test_the_test_finds_such_a_number() -> None:
    assert INTERNAL.search("依据：X4 第 8 步")
    assert INTERNAL.search("按 D18 决定")
    assert INTERNAL.search("[62] 二者选一")
    assert not INTERNAL.search("民发〔2019〕62号")


def _texts(path: Path) -> str:
    return " ".join(re.findall(r"<text>(.*?)</text>", path.read_text("utf-8"), re.S))

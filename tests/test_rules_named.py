"""Every rule of the specification that binds all processes has a scenario named after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "bpmn"
RULES = [*(f"SD{n}" for n in range(1, 5)), *(f"G{n}" for n in range(1, 21))]
NAMES = [
    name
    for file in sorted(FOLDER.glob("*/scenarios/*.yaml"))
    for name in re.findall(r"^name: *(.+)$", file.read_text("utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("rule", RULES)
def test_a_scenario_is_named_after_the_rule(rule: str) -> None:
    assert [name for name in NAMES if re.search(rf"(?<![A-Za-z0-9]){rule}(?![0-9])", name)], rule

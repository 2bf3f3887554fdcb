"""An engine in which the diagram of every row is deployed, each after passing every check."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.testing import Kit
from tests.engine.elements.table import CALLED, ROWS

ROLES = "clerk:\n  zh: 经办员\n  en: Clerk\n  level: township\n  may: [work]\n"
ROLES += "operations:\n  zh: 运维\n  en: Operations\n  level: city\n  may: [repair]\n"
SIZE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="sizes" name="sizes" namespace="http://example.org">
  <decision id="size" name="size">
    <variable name="size" typeRef="number" />
    <literalExpression><text>amount + 1</text></literalExpression>
  </decision>
</definitions>
"""


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    folder = tmp_path_factory.mktemp("elements")
    (folder / "roles.yaml").write_text(ROLES, "utf-8")
    for name, drawn in {**{row.process: row.drawn() for row in ROWS}, **CALLED}.items():
        (folder / name).mkdir()
        (folder / name / f"{name}.bpmn").write_bytes(drawn.xml)
        if b"businessRuleTask" in drawn.xml:
            (folder / name / "size.dmn").write_text(SIZE, "utf-8")
    assert isinstance(folder, Path)
    return Kit("elements", folder, {"local": lambda call, transaction: {}}, {"remote": lambda request: {}})

"""The page of elements tells what the rows and the matrix show, no more and no less."""

from __future__ import annotations

import re

from engine.diagram.names import ZEEBE_READ
from tests.engine.elements.handbook import PICTURES, ROOT, elements, files
from tests.engine.elements.honoured import honoured
from tests.engine.elements.table import ROWS

AROUND = {"versionTag", "property", "input", "output"}
"""What the process itself carries, and what stands within properties and mappings."""


def test_the_page_and_its_pictures_are_those_of_the_rows() -> None:
    made = files()
    stale = [path.name for path, content in made.items() if not path.exists() or path.read_text("utf-8") != content]
    assert stale == [], "write them anew: python -m tests.engine.elements.handbook"
    assert {path for path in made if path.parent == PICTURES} == set(PICTURES.iterdir())


def test_every_row_is_told_once_with_tests_that_exist() -> None:
    told = [row for group in elements() for row in group["rows"]]
    assert [row["slug"] for row in told] == [row.slug for row in ROWS]
    for test in (test for row in told for test in row["tests"]):
        file, _, function = test.partition("[")[0].partition("::")
        assert re.search(rf"^def {function}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


def test_everything_read_from_the_vocabulary_is_named_at_an_element() -> None:
    named = {word for row in ROWS for text in honoured(*row.node()) for word in re.findall(r"zeebe:(\w+)", text)}
    assert named | AROUND == ZEEBE_READ

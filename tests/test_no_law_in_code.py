"""No amount, rate or deadline of law stands in a table, a form or a Python file: each is read from ``policy.yaml``."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.bundle import read_library

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "bpmn"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
NUMBER = re.compile(r"(?<![\w.\"])(\d+(?:\.\d+)?)(?![\w\"])")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
# Grades, ages and counts are small; below this a number means nothing by itself.
TELLING = Decimal(10)
MONEY_AND_RATES = ("CNY", "ratio", "share", "rate", "multiple")

# In a table a number of these units may also be a count: months of a year, percent.
COUNTS = frozenset({Decimal(10), Decimal(12), Decimal(60), Decimal(100)})
SPANS = {"timedelta": ("days", "weeks"), "add_months": ("",), "workdays_after": ("",)}


@cache
def numbers_of_law() -> dict[Decimal, str]:
    """Return what is an amount or a rate, and every other number too large to be a mere count."""
    found: dict[Decimal, str] = {}
    for entries in read_library(LIBRARY).policies.values():
        for name, entry in entries.items():
            for one in entry.values:
                if isinstance(one.value, Decimal) and (one.value >= TELLING or one.value != int(one.value)):
                    found.setdefault(one.value, f"{name} ({entry.unit})")
    return found


def outside_quotes(text: str) -> Iterator[Decimal]:
    for found in NUMBER.findall(QUOTED.sub('""', text)):
        yield Decimal(found)


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/*.dmn")), ids=lambda path: path.name)
def test_a_table_reads_amounts_and_rates_from_policy_and_gives_the_source_of_other_numbers(path: Path) -> None:
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False)).getroot()
    for rule in root.iter(f"{DMN}rule"):
        cells = [text for kind in ("inputEntry", "outputEntry") for text in _texts(rule, kind)]
        numbers = [number for text in cells for number in outside_quotes(text)]
        if any(number > 1 for number in numbers):
            assert any(text.strip() for text in _texts(rule, "annotationEntry")), f"{rule.get('id')}: no source"
    for text in (one for kind in ("inputEntry", "outputEntry", "literalExpression", "inputExpression")
                 for one in _texts(root, kind)):  # fmt: skip
        found = {number: numbers_of_law().get(number) for number in outside_quotes(text) if number not in COUNTS}
        # An age may stand in a table.
        wrong = {number: unit for number, unit in found.items() if unit is not None and "years" not in unit}
        assert not wrong, f"{path.name}: {text.strip()[:80]} says {wrong}"


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/*.form")), ids=lambda path: path.name)
def test_a_form_limits_by_no_amount_or_rate_of_law(path: Path) -> None:
    for component in _components(json.loads(path.read_text("utf-8"))):
        checks = [component.get("properties", {}).get("check", ""), component.get("conditional", {}).get("hide", "")]
        checks += [str(component.get("validate", {}).get(name, "")) for name in ("min", "max")]
        for number in (number for text in checks for number in outside_quotes(str(text))):
            unit = numbers_of_law().get(number, "")
            assert not any(word in unit for word in MONEY_AND_RATES), f"{component.get('key')}: {number} is {unit}"


@pytest.mark.parametrize("path", sorted((ROOT / "workflows").rglob("*.py")), ids=lambda path: path.stem)
def test_the_bureaus_python_holds_no_amount_rate_or_deadline(path: Path) -> None:
    if {"demo", "departments", "migrations"} & set(path.parts) or path.stem.startswith("given"):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        number = _number(node)
        unit = numbers_of_law().get(number, "") if number is not None and number not in COUNTS else ""
        assert not any(word in unit for word in MONEY_AND_RATES), f"{where} says {number}, which is {unit}"
        assert not _spans(node), f"{where} counts a deadline of {_spans(node)}; read it from policy"


def test_planted_law_is_found() -> None:
    planted = ast.parse("late = day + timedelta(days=15)\nsoon = add_months(day, 3)\nnext = day + timedelta(days=1)")
    assert sorted(span for node in ast.walk(planted) for span in _spans(node)) == [3, 15]
    assert "CNY" in numbers_of_law()[Decimal(440)]


def _number(node: ast.AST) -> Decimal | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return Decimal(str(node.value))
    return None


def _spans(node: ast.AST) -> list[int]:
    """Return the days or months that a call counts with a number written there, but for a single one."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in SPANS:
        return []
    named = [one.value for one in node.keywords if one.arg in SPANS[node.func.id]]
    last = node.args[-1:] if "" in SPANS[node.func.id] else []
    return [int(number) for one in (*named, *last) if (number := _number(one)) is not None and number > 1]


def _texts(root: Any, kind: str) -> Iterator[str]:
    for entry in root.iter(f"{DMN}{kind}"):
        text = entry.find(f"{DMN}text")
        yield (text.text or "") if text is not None else ""


def _components(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in schema.get("components", ()):
        yield component
        yield from _components(component)

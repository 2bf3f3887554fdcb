"""Cells of decision tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Environment, FeelSyntaxError, Session, compile_unary_tests, evaluate


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("", 3, True),
        ("3", 3, True),
        ("3", 4, False),
        ("3", "3", None),
        ('"a"', None, False),
        ("null", None, True),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ("not(-5)", -4, True),
        ("> 3", 4, True),
        (">= 3, < 0", 1, False),
        ("not(> 3)", 3, True),
        ("!= 3", 4, True),
        ("[1..5)", 5, False),
        ("(1..5]", 5, True),
        ("]1..5[, 9", 9, True),
        ("[1..5], > 100", 101, True),
        ("[1,2,3]", 2, True),
        ("[[1..5], 9]", 3, True),
        ('["a"]', 3, False),
        ("[1,2,3]", [1, 2, 3], True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ("[limit..limit + 1]", 8, True),
        ("allowed", 2, True),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("? > 3 and ? < 5", 4, True),
        ("? > 3", None, None),
        ("count(?) > 1", [1, 2], True),
        ("? * 2 = 8", 4, True),
        ("not(? > 3)", 4, False),
        ("limit > 3", 4, True),
        ("not(limit > 10)", 4, True),
        ('@"2026-01-01"', date(2026, 1, 1), True),
        ('>= @"2026-01-01"', date(2025, 1, 1), False),
        ('[date("2026-01-01")..date("2026-12-31")]', date(2026, 5, 1), True),
        ("function(x) x > 3", 4, True),
        ("function() true", 4, None),
        ("function(x, y) true", 4, None),
        ("> 3", "a", None),
        ("[1..5]", "a", None),
        ("-5", -5, True),
    ],
)
def test_a_cell(environment: Environment, cell: str, value: Any, expected: bool | None) -> None:
    context = {"limit": Decimal(7), "allowed": [Decimal(1), Decimal(2)]}
    compiled = compile_unary_tests(cell, context)
    session = Session(context, environment)
    assert compiled.matches(value, session) is expected
    assert compiled.evaluate({**context, "?": value}, environment).value is expected
    assert bool(session.problems) is (expected is None)


def test_the_subject_is_no_free_variable() -> None:
    assert compile_unary_tests("? > limit", ["limit"]).reads == {"limit"}


@pytest.mark.parametrize("cell", ["- 3 -", "not(", "> ", "1,,2", "[1..", "not(1) 2"])
def test_what_is_no_cell_is_refused(cell: str) -> None:
    with pytest.raises(FeelSyntaxError, match="Expected"):
        compile_unary_tests(cell, [])


@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9), st.booleans(), st.booleans())
def test_a_range_holds_what_lies_between_its_ends(low: int, high: int, value: int, closed: bool, ends: bool) -> None:
    text = f"v in {'[' if closed else '('}{low}..{high}{']' if ends else ')'}"
    above = value >= low if closed else value > low
    below = value <= high if ends else value < high
    assert evaluate(text, {"v": value}) is (above and below)

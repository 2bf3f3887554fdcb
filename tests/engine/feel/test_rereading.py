"""A value shown to a person is an expression that gives the value again; JSON keeps every digit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.clock import SHANGHAI, YearsMonths
from engine.errors import Invalid
from engine.feel import Environment, evaluate, examine
from engine.feel.builtins.table import FUNCTIONS
from engine.feel.json_values import answer_as_json, context_from_json
from engine.feel.reference import OWN, reference
from engine.feel.rereading import expression_of
from engine.feel.values import Range

NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=3)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.text(st.characters(codec="utf-8"), max_size=10),
    st.dates(),
    st.times(),
    st.datetimes(min_value=datetime(1992, 1, 1), timezones=st.sampled_from([None, UTC, SHANGHAI])),
    st.timedeltas(),
    st.integers(-10_000, 10_000).map(YearsMonths),
    st.builds(lambda a, b, c, d: Range(min(a, b), max(a, b), c, d), NUMBERS, NUMBERS, st.booleans(), st.booleans()),
    st.builds(lambda low, closed: Range(low, None, closed, False), NUMBERS, st.booleans()),
    st.builds(lambda high, closed: Range(None, high, False, closed), NUMBERS, st.booleans()),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
@example({"null": False, "": None})
@example({"true": False, "": True})
def test_the_expression_of_a_value_gives_it_again(value: Any) -> None:
    assert evaluate(expression_of(value), {}) == value


def test_a_function_shows_its_parameters() -> None:
    assert expression_of(evaluate("function(x, two words) x", {})) == "function(x, two words)"


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.booleans() | st.text(max_size=5), max_size=4))
def test_a_context_is_read_from_json(context: dict[str, Any]) -> None:
    assert context_from_json(json.dumps(context)) == context


@pytest.mark.parametrize("text", ["[1]", "{", "3", '{"a": NaN}', "{" * 100_001, '{"a":' * 20_000 + "1" + "}" * 20_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        context_from_json(text)


def test_numbers_keep_every_digit_on_both_ways() -> None:
    context = context_from_json('{"x": 0.1234567890123456789012345678901234, "n": 12345678901234567890}')
    answer = answer_as_json(examine('[x, n, @"2026-01-31", missing]', context))
    assert "0.1234567890123456789012345678901234" in answer
    assert "12345678901234567890" in answer
    found = json.loads(answer)
    assert found["value"][2:] == ["2026-01-31", None]
    assert found["problems"][0]["position"] == 22


def test_the_reference_has_every_function_once(environment: Environment) -> None:
    entries = [entry for group in reference(environment) for entry in group.entries]
    assert [entry.signature for entry in entries] == [builtin.signature for builtin in FUNCTIONS]
    assert {builtin.name for builtin in FUNCTIONS} >= OWN
    assert all(entry.example.value != "null" or "null" in entry.example.expression for entry in entries)

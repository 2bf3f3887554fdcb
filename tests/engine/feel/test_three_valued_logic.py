"""Kleene's tables, also for values that are no booleans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import evaluate

VALUES = [True, False, None]
TERNARY = st.sampled_from(VALUES)


def least(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


@given(st.lists(TERNARY, min_size=2, max_size=5))
def test_and_is_the_least_and_or_the_greatest(values: list[bool | None]) -> None:
    context = {f"v{n}": value for n, value in enumerate(values)}
    assert evaluate(" and ".join(context), context) is least(values)
    assert evaluate(" or ".join(context), context) is opposite(least([opposite(value) for value in values]))


@pytest.mark.parametrize(("value", "expected"), [(True, False), (False, True), (None, None), (1, None), ("x", None)])
def test_not(value: object, expected: bool | None) -> None:
    assert evaluate("not(v)", {"v": value}) is expected


def test_what_is_no_boolean_counts_as_unknown() -> None:
    assert evaluate('"x" and true', {}) is None
    assert evaluate('"x" and false', {}) is False
    assert evaluate("1 or true", {}) is True
    assert evaluate("1 or false", {}) is None


def test_quantifiers_follow_the_same_tables() -> None:
    for first in VALUES:
        for second in VALUES:
            context = {"items": [{"v": first}, {"v": second}]}
            assert evaluate("every i in items satisfies i.v", context) is least([first, second])
            some = opposite(least([opposite(first), opposite(second)]))
            assert evaluate("some i in items satisfies i.v", context) is some


def test_a_decided_answer_does_not_look_further() -> None:
    assert evaluate("false and missing", {}) is False
    assert evaluate("true or missing", {}) is True

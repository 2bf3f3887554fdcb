"""A tree printed and read again is the same tree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import syntax as s
from engine.feel.builtins.table import NAMES as BUILTIN_NAMES
from engine.feel.lexer import FeelSyntaxError
from engine.feel.parser import parse_expression, parse_tests
from engine.feel.printer import printed

NAMES = ["a", "b", "家庭 人口", "first name", "rate-of-tax", "x1"]
names = st.sampled_from(NAMES)
members = st.sampled_from(["类型", "b", "address line", "year"])
types = st.recursive(
    st.sampled_from(["number", "string", "date and time", "Any", "days and time duration"]).map(s.Type),
    lambda inner: st.one_of(
        inner.map(lambda kind: s.Type("list", (kind,))),
        inner.map(lambda kind: s.Type("context", (kind,), ("a b",))),
        st.lists(inner, min_size=1, max_size=3).map(lambda kinds: s.Type("function", tuple(kinds))),
    ),
    max_leaves=3,
)
literals = st.one_of(
    st.none(),
    st.booleans(),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False).map(abs).map(Decimal.normalize),
).map(s.Literal)
leaves = st.one_of(literals, names.map(s.Name), st.just(s.AtLiteral("P1D")), st.just(s.Name("?")))


def tuples(strategy: st.SearchStrategy[Any], least: int = 1) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def extended(inner: st.SearchStrategy[s.Node]) -> st.SearchStrategy[s.Node]:
    operator = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    chains = [["+", "-"], ["*", "/"], ["**"]]
    test = st.builds(s.Test, operator, inner)
    tests = tuples(inner | test).map(s.Tests)
    iterators = tuples(st.builds(s.Binding, names, inner, st.none() | inner))
    return st.one_of(
        *(st.builds(s.Chain, inner, tuples(st.tuples(st.sampled_from(signs), inner))) for signs in chains),
        st.builds(s.Comparison, operator, inner, inner),
        tuples(inner, 2).map(s.Conjunction),
        tuples(inner, 2).map(s.Disjunction),
        st.builds(s.Between, inner, inner, inner),
        st.builds(s.In, inner, tests),
        test,
        st.builds(s.Negation, inner),
        st.builds(s.InstanceOf, inner, types),
        st.builds(s.If, inner, inner, inner),
        st.builds(s.For, iterators, inner),
        st.builds(s.Quantified, st.sampled_from(["some", "every"]), iterators, inner),
        st.builds(s.Lambda, st.just(("a", "first name")), st.tuples(st.none() | types, st.none() | types), inner),
        tuples(inner, 0).map(s.ListOf),
        st.builds(lambda one, two: s.ContextOf(("k", "two words"), (one, two)), inner, inner),
        st.builds(s.RangeOf, inner, inner, st.booleans(), st.booleans()),
        st.builds(s.Path, inner.filter(lambda node: not isinstance(node, s.Path)), tuples(members)),
        st.builds(s.Filter, inner, inner),
        st.builds(s.Call, inner, tuples(inner, 0), st.none()),
        st.builds(lambda function, value: s.Call(function, (value,), ("start position",)), inner, inner),
    )


trees = st.recursive(leaves, extended, max_leaves=12)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(trees)
def test_an_expression(tree: s.Node) -> None:
    assert parse_expression(printed(tree), NAMES, BUILTIN_NAMES) == tree


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(st.lists(trees | st.builds(s.Test, st.sampled_from(["<", ">="]), trees), min_size=1, max_size=3), st.booleans())
def test_a_cell(tests: list[s.Node], negated: bool) -> None:
    tree = s.Tests(tuple(tests), negated)
    assert parse_tests(printed(tree), NAMES, BUILTIN_NAMES) == tree


@pytest.mark.parametrize("text", ["(function )(1)", "function", "function + 1"])
def test_the_word_function_alone_is_no_name(text):
    with pytest.raises(FeelSyntaxError):
        parse_expression(text, {}, BUILTIN_NAMES)

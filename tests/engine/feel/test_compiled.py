"""What a compiled expression says about itself, and what it touches when evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import Environment, FeelSyntaxError, Limits, compile_expression, examine
from engine.feel.values import Function, Range


class Watched(Mapping[str, Any]):
    """A context that remembers what was read."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values_ = values
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.asked.append(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the context must not be listed")

    def __len__(self) -> int:
        raise AssertionError("the context must not be counted")


@pytest.mark.parametrize(
    ("text", "reads", "paths"),
    [
        ("policy.publicity.days + 1", {"policy"}, {("policy", "publicity", "days")}),
        ("家庭 人口 > x", {"家庭 人口", "x"}, {("家庭 人口",), ("x",)}),
        ("for x in xs return x + y", {"xs", "y"}, {("xs",), ("y",)}),
        ("xs[age > limit]", {"xs", "limit"}, {("xs",), ("limit",)}),
        ("xs[policy.a > item.b]", {"xs", "policy"}, {("xs",), ("policy", "a")}),
        ("{a: 1, b: a + c}", {"c"}, {("c",)}),
        ("(function(a) a + b)(1)", {"b"}, {("b",)}),
        ("count(xs) + max(1, 2)", {"xs"}, {("xs",)}),
        ("sort(xs, max)", {"xs"}, {("xs",)}),
        ("(if a then b else c).d", {"a", "b", "c"}, {("a",), ("b",), ("c",)}),
    ],
)
def test_it_knows_what_it_reads(text: str, reads: set[str], paths: set[tuple[str, ...]]) -> None:
    compiled = compile_expression(text, ["家庭 人口", "limit", "policy", "xs"])
    assert compiled.reads == reads
    assert compiled.paths == paths


def test_it_reads_nothing_else_of_the_context(environment: Environment) -> None:
    context = Watched({"a": True, "b": Watched({"c": 5, "d": 6}), "e": 1})
    assert compile_expression("a and b.c = 5", ["a", "b"]).evaluate(context, environment).value is True
    assert context.asked == ["a", "b"]
    assert context.values_["b"].asked == ["c"]


def test_calls_of_functions_nobody_knows_are_named() -> None:
    assert compile_expression("frobnicate(1) + count([])", []).calls == {"frobnicate"}


def test_a_function_of_the_context_is_called(environment: Environment) -> None:
    double = Function(("x",), lambda session, values: values[0] * 2)
    assert compile_expression("double(x: 4)", ["double"]).evaluate({"double": double}, environment).value == 8


def test_arguments_that_never_fit_are_found_at_compile_time() -> None:
    (finding,) = compile_expression('1 + substring("a")', []).findings
    assert finding.position == 4
    assert "substring(string: string, start position: number" in finding.message.en


@pytest.mark.parametrize(
    ("text", "position"),
    [("1 +", 3), ("(1", 2), ("a b c )", 6), ("if a then b", 11), ("=1 + + 2", 5), ('"abc', 0), ("x = “a”", 4), ("", 0)],
)
def test_bad_syntax_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text, [])
    assert caught.value.problem.position == position
    assert caught.value.problem.message.zh.endswith("。")
    assert caught.value.problem.message.en.startswith("Expected")


def test_evaluating_bad_syntax_is_a_problem_and_no_exception() -> None:
    evaluation = examine("1 +", {})
    assert evaluation.value is None
    assert len(evaluation.problems) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("missing", "missing"),
        ("a.b.missing", "missing"),
        ("amount > null", "null"),
        ('1 + "a"', "a string"),
        ("[1, 2][5]", "5"),
        ('number("x")', "x"),
        ("1(2)", "function"),
        ("missing(2)", "missing"),
        ("external", "external"),
    ],
)
def test_a_problem_names_the_place_and_the_reason(text: str, expected: str) -> None:
    evaluation = examine(text, {"a": {"b": {}}, "amount": 1})
    assert evaluation.value is None
    assert evaluation.problems[0].text in text
    assert expected in evaluation.problems[0].message.en


def test_wide_signs_typed_by_mistake_are_pointed_out() -> None:
    evaluation = examine("min(a\uff0cb)", {"a": 1, "b": 2})
    assert "半角" in evaluation.problems[0].message.zh
    assert evaluation.problems[0].position == 5
    assert examine("收入\uff08元\uff09 > 3", {"收入\uff08元\uff09": 5}).value is True


def test_caps_are_configurable(environment: Environment) -> None:
    tight = Environment(environment.now, environment.calendar, Limits(length=30, nesting=5, steps=50, items=10))
    assert examine("1" * 31, {}, tight).value is None
    assert examine("((((((1))))))", {}, tight).value is None
    assert examine("for i in 1..9 return i", {}, tight).value == [Decimal(n) for n in range(1, 10)]
    assert examine("for i in 1..11 return i", {}, tight).value is None
    assert examine("count(xs)", {"xs": list(range(100))}, tight).value == 100


def test_values_of_no_kind_are_a_problem() -> None:
    assert examine("x", {"x": object()}).problems[0].text == "x"
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    assert examine("x", {"x": deep}).value is None


def test_ranges_are_values() -> None:
    assert examine("[1..5)", {}).value == Range(Decimal(1), Decimal(5), True, False)


def test_a_list_of_the_context_is_converted_once_and_never_changed(environment: Environment) -> None:
    members = [{"age": 70}, {"age": 5}]
    compiled = compile_expression("count(members[age > 6]) + members[1].age", ["members"])
    assert compiled.evaluate({"members": members}, environment).value == 71
    assert members == [{"age": 70}, {"age": 5}]
    assert type(members[0]["age"]) is int

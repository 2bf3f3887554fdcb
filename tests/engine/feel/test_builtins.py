"""Every function's example is true; corners that the examples leave out."""

from __future__ import annotations

import pytest

from engine.feel import examine
from engine.feel.builtins.table import FUNCTIONS
from engine.feel.functions import Builtin

TRUE = [
    'substring("foobar", 3) = "obar"',
    'substring("foobar", -2, 1) = "a"',
    'substring("😀bc", 2, 1) = "b"',
    'substring("abc", 9) = null',
    'number("1,000.5", ",", ".") = 1000.5',
    'number("1_000") = null and number(" 1") = null and number("Infinity") = null and number("٣") = null',
    'string([1, "a", {b: null}]) = "[1, ""a"", {b: null}]"'.replace('""', '\\"'),
    'string(1e20) = "100000000000000000000" and string(-0.0) = "0"',
    'substring after("foobar", "x") = "" and substring before("foobar", "x") = ""',
    'matches("foobar", "^fo*b") and not(matches("foobar", "^b"))',
    'matches("FooBar", "foo", "i")',
    'matches("a b", "a\\sb", "x") and matches("ab", "a b", "x")',
    'matches("a.b", "a.b", "q") and not(matches("axb", "a.b", "q"))',
    'matches("abcabc", "(abc)\\1") = null',
    'matches("张三", "^\\p{IsCJKUnifiedIdeographs}+$")',
    'replace("abracadabra", "bra", "*") = "a*cada*"',
    'replace("abc", "(b)", "[$1]") = "a[b]c"',
    'replace("abc", "x*", "-") = null',
    'replace("a$b", "$", "-", "q") = "a-b"',
    'split("a;;b", ";") = ["a", "", "b"]',
    'string join([], ",") = ""',
    'string join(["a", 1]) = null',
    "list contains([1, null], null)",
    "count([]) = 0 and sum([]) = null and min([]) = null",
    'min(1, 2) = 1 and max([@"P1D", @"PT1H"]) = @"P1D"',
    'min(["b", "a"]) = "a"',
    'max([1, "a"]) = null',
    "sum([1, null]) = null",
    "mean(1, 2, 3, 6) = 3",
    "mode([]) = [] and median([]) = null",
    "stddev([1]) = null",
    "all([]) and any([]) = false and all([true, null]) = null and any([true, null])",
    "sublist([1, 2, 3], -2) = [2, 3] and sublist([1, 2, 3], -1, 1) = [3]",
    "sublist([1, 2], 3) = null",
    "append([1], [2]) = [1, [2]]",
    "append(1, 2) = [1, 2]",
    "remove([1, 2], -1) = [1]",
    "insert before([1, 2], -1, 9) = [1, 9, 2]",
    "list replace([1, 2], -1, 9) = [1, 9]",
    "list replace(list: [1, 2], match: function(item, newItem) item = 1, newItem: 9) = [9, 2]",
    "union([1], [1.0]) = [1]",
    'distinct values([1, "1", null, null]) = [1, "1", null]',
    "sort([3, 1, 2]) = [1, 2, 3]",
    'sort([1, "a"]) = null',
    'abs(@"-P1D") = @"P1D" and abs(@"-P1M") = @"P1M"',
    "decimal(1/3, 2) = 0.33 and decimal(-2.5, 0) = -2 and decimal(125, -1) = 120",
    "floor(-1.56, 1) = -1.6 and ceiling(-1.5) = -1",
    "modulo(10.1, 4.5) = 1.1 and modulo(-10.1, 4.5) = 3.4 and modulo(10.1, -4.5) = -3.4",
    "odd(-3) and even(0) and even(2.0) and not(odd(1.5))",
    'is(@"10:00:00", @"10:00:00Z") = false and is(1, "1") = false',
    'get value({a: 1}, "b") = null',
    'context put({a: 1}, ["b", "c"], 2) = {a: 1, b: {c: 2}}',
    'context([{key: "a", value: 1}, {key: "a", value: 2}]) = null',
    "before([1..5), 5) and before([1..5), [5..6]) and not(before([1..5], [5..6]))",
    "after(5, [1..5)) and not(after(5, [1..5]))",
    "meets([1..5], [5..6]) and not(meets([1..5), [5..6]))",
    "overlaps([1..5], [5..6]) and not(overlaps([1..5), [5..6]))",
    "overlaps before([1..5], (4..6]) and not(overlaps before([1..6], [1..5]))",
    "finishes((1..5], [0..5]) and not(finishes([1..5), [1..5]))",
    "starts([1..3], [1..5]) and not(starts((1..3], [1..5]))",
    "during([2..3], [1..5]) and includes([1..5], [1..5]) and not(includes([1..5), 5))",
    "coincides(5, 5) and not(coincides(3, 4))",
    "includes((> 3), 4) and not(includes((< 3), 4))",
    'range("[\\"a\\"..\\"c\\")") = ["a".."c")',
    'range("[2026-01-01..2026-02-01]").start = @"2026-01-01"',
    'range("x") = null and range("[5..1]x") = null',
    'time(@"2026-09-24T20:00:00+08:00") = @"20:00:00+08:00"',
    "time(10, 30, 15.5).second = 15",
    'time(10, 0, 0, @"PT8H").time offset = @"PT8H"',
    'date and time(date(2026, 1, 1), @"10:00:00Z") = @"2026-01-01T10:00:00Z"',
    'years and months duration(@"2026-03-31", @"2026-01-30") = @"-P2M"',
    'last day of month(@"2024-02-10").day = 29',
    "abs(null) = null and count(null) = null and not(null) = null",
    "[1, 2, 3][even(item)] = [2]",
    "abs([-1]) = 1",
]


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.signature)
def test_the_example_is_true(entry: Builtin) -> None:
    evaluation = examine(entry.example, {})
    assert evaluation.value is True, evaluation.problems
    assert evaluation.problems == []
    assert entry.name in entry.example
    assert entry.about.zh.endswith("。")
    assert entry.about.en.endswith(".")


@pytest.mark.parametrize("text", TRUE)
def test_holds(text: str) -> None:
    evaluation = examine(text, {})
    assert evaluation.value is True, evaluation.problems


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.signature)
@pytest.mark.parametrize(
    "argument", ["null", '"text"', "1e6000", "[]", "{}", '@"P1D"', "function(x) x", "[1..2]", "-1"]
)
def test_no_argument_makes_a_function_fail(entry: Builtin, argument: str) -> None:
    for count in range(max(len(entry.parameters), 1) + 1):
        examine(f"{entry.name}({', '.join([argument] * count)})", {})

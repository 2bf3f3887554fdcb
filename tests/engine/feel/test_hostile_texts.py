"""No text takes long, overflows or raises; the guard is ten times what a text may take."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import compile_unary_tests, examine
from engine.feel.builtins.table import BUILTINS
from engine.feel.lexer import FeelSyntaxError
from engine.feel.session import DEFAULT_LIMITS

GUARD = 1.0  # seconds of processor time: ten times what is expected
DOUBLING = ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" if n else "a0: [1, 1]" for n in range(40))
REFUSED = {
    "open parentheses": "(" * 10_000,
    "parentheses": "(" * 4_990 + "1" + ")" * 4_990,
    "signs": "-" * 9_000 + "1",
    "calls": "not(" * 2_400,
    "lists": "[" * 9_000,
    "contexts": "{a:" * 3_000,
    "conditions": "if true then 1 else " * 499 + "1",
    "comparisons": "1" + "=1" * 4_900,
    "memberships": "1 in (" * 1_600,
    "half-open memberships": "1 in (1 in (" * 30 + "1" + "..2))" * 30,
    "filters": "[1]" + "[true]" * 1_500,
    "functions": "function(a) " * 800 + "1",
    "types": "1 instance of " + "list<" * 1_900 + "number",
    "negated tests": "not(" + "(" * 4_000,
    "length": "1" * 10_001,
    "digits": "9" * 9_000,
    "exponent": "1e999999999",
    "power": "9**(9**9)",
    "power of a power": "(9**9)**(9**9)",
    "near one": "1.000001**(9**30)",
    "loop": "for i in 1..10**9 return i",
    "loops": "for i in 1..1000, j in 1..1000 return i*j",
    "nested loops": "for x in [1,2,3,4,5,6,7,8,9,10] return " * 20 + "1",
    "quantifier": "some i in 1..10**9 satisfies i < 0",
    "days": 'for d in date("0001-01-01")..date("9999-12-31") return d',
    "joined": 'string join(for i in 1..20000 return repeat("x", 1000))',
    "doubled strings": '{a: repeat("x", 100000), b: a + a, c: b + b}.c',
    "many strings": 'for i in 1..5000 return repeat("x", 99999)',
    "doubled lists": "{" + DOUBLING + "}",
    "flattened": "flatten({" + DOUBLING + "}.a39)",
    "compared": "{" + DOUBLING + ", b: a39 = a38, c: a39 = a39}.c",
    "written": "string({" + DOUBLING + "}.a39)",
    "inwards": "for i in 1..1000 return [partial]",
    "self-applied": "(function(f) f(f))(function(f) f(f))",
    "recursion": "(function(f, n) f(f, n))(function(f, n) if n < 1 then 0 else 1 + f(f, n - 1), 100000)",
    "medians": "for i in 1..20000 return median(for j in 1..1000 return j)",
    "distinct": "distinct values(for i in 1..20000 return [i])",
    "split": 'split(repeat("a", 90000), "a")',
    "repeated pattern": 'matches("aaaa", "(a{1000}){1000}")',
    "roots": "for i in 1..20000 return i ** 0.5",
    "logarithms": "for i in 1..20000 return log(i) + exp(i)",
    "members": "{m: for i in 1..1000 return {a: i}, n: for j in 1..20000 return j in m}.n",
    "arguments": "{m: for i in 1..1000 return {a: i}, n: for j in 1..20000 return context merge(m)}.n",
    "calendar": "for i in 1..20000 return workdays after(today(), 20000)",
    "far": "workdays after(today(), 999999)",
}
ANSWERED = {
    "left power": "9**9**9 > 0",
    "backtracking": 'matches(repeat("a", 50000) + "b", "(a+)+$") = false',
    "sum": "1" + "+1" * 4_900 + " = 4901",
    "comments": "/* " * 3_000 + "*/ true",
    "list": "count([" + "1," * 4_900 + "1]) = 4901",
    "sorted": "count(sort(for i in 1..5000 return -i)) = 5000",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_is_null_with_a_problem_at_once(text: str) -> None:
    started = time.process_time()
    evaluation = examine(text, {})
    assert time.process_time() - started < GUARD
    assert evaluation.value is None
    assert evaluation.problems[-1].message.en.startswith("Expected")


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED)
def test_is_answered_at_once(text: str) -> None:
    started = time.process_time()
    assert examine(text, {}).value is True
    assert time.process_time() - started < GUARD


def test_the_deepest_text_that_is_let_through_runs() -> None:
    depth = DEFAULT_LIMITS.nesting - 1
    assert examine("(" * depth + "1" + ")" * depth, {}).value == 1
    assert examine("-" * depth + "1", {}).value == (-1) ** depth
    assert examine("[" * (depth // 2) + "]" * (depth // 2), {}).problems == []


WORDS = st.sampled_from(
    [
        *BUILTINS,
        *[
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            ".",
            "..",
            "+",
            "-",
            "*",
            "/",
            "**",
            "=",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "?",
            "@",
            "->",
            "//",
        ],
        *[
            "if",
            "then",
            "else",
            "for",
            "in",
            "return",
            "some",
            "every",
            "satisfies",
            "and",
            "or",
            "not",
            "between",
            "instance",
            "of",
            "function",
            "null",
            "true",
        ],
        *['"text"', "1", "2.5", "a", "b c", "家庭", '@"P1D"', '@"2026-01-01"', "list<", "number", "partial", "item"],
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    evaluation = examine(text, {"a": 1, "b c": [1, {"a": 2}], "家庭": None})
    assert all(problem.message.en.startswith("Expected") for problem in evaluation.problems)
    try:
        cell = compile_unary_tests(text, ["a"])
    except FeelSyntaxError as error:
        problem = error.problem
    else:
        problem = None
        assert cell.text == text
    assert problem is None or 0 <= problem.position <= len(text)

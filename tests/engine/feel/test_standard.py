"""DMN 1.5, chapter 10, clause by clause: every expression is true. `docs/feel.md` names these tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import Environment, compile_expression, examine
from engine.feel.syntax import Type

CONTEXT: Mapping[str, Any] = {
    "家庭 人口": Decimal(3),
    "户籍": {"类型": "农村", "post code": "453000"},
    "list of items": [1, 2, 3],
    "in hand": 5,
    "a+b": 7,
    "a": 1,
    "b": 2,
}

# clause: expressions
CLAUSES: Mapping[str, Sequence[str]] = {
    "10.3.1.2 names": [
        '家庭 人口 >= 3 and 户籍.类型 = "农村"',
        '户籍.post code = "453000"',
        "in hand = 5",
        "a+b = 7 and a + b = 3",
        "a - b = -1",
        "(for i in list of items return i) = [1, 2, 3]",
        "{two words: 1, sum: two words + 1}.sum = 2",
        '{"any + key": 1} = {any + key: 1}',
        "1 /* one */ + // two\n 1 = 2",
    ],
    "10.3.1.2 literals": [
        "19.99*100 = 1999",
        "0.1+0.2 = 0.3",
        "1.5e3 = 1500 and 2E-2 = 0.02 and .5 = 0.5",
        '"\\"\\\\\\n\\t\\u5e02\\U01F40E" = "\\"\\\\\n\t市🐎"',
        '"\\uD83D\\uDC0E" = "🐎" and string length("🐎") = 1',
        '@"2026-09-24" = date("2026-09-24") and @"20:00:00" = time("20:00:00")',
        '@"2026-09-24T20:00:00@Asia/Shanghai" = date and time("2026-09-24T12:00:00Z")',
        '@"P1Y" = duration("P12M") and @"PT24H" = duration("P1D")',
        "null = null and true and not(false)",
    ],
    "10.3.2.3 values": [
        '(@"nonsense" = null) = true',
        '1 = "1" = null',
        "(1 = null) = false and (null != 1) = true",
        "[1] = 1 = null",
        "{a: 1, b: [2]} = {b: [2], a: 1.0}",
        '@"20:00:00+08:00" = @"12:00:00Z" and not(@"20:00:00" = @"20:00:00Z")',
        "string(1.50) = \"1.5\" and string(null) = null and string({a: \"b\"}) = \"{a: \\\"b\\\"}\"",
    ],
    "10.3.2.5 lists and filters": [
        "[1, 2, 3][1] = 1 and [1, 2, 3][-1] = 3 and [1, 2, 3][4] = null",
        "[1, 2, 3][item >= 2] = [2, 3]",
        "[{x: 1, y: 2}, {x: 2, y: 3}][x = 1] = [{x: 1, y: 2}]",
        "[{item: 1}, {item: 2}][item >= 2] = [{item: 2}]",
        "100[1] = 100 and 100[2] = null and 100[item > 5] = [100]",
        "[1, 2, 3][true] = [1, 2, 3] and [1, 2, 3][null] = []",
        "[{x: 1}, {y: 2}].x = [1, null]",
    ],
    "10.3.2.6 contexts": [
        "{a: 1, b: a + 1, c: {d: a + b}}.c.d = 3",
        "{a: 1}.b = null",
        "null.a = null",
    ],
    "10.3.2.7 ranges": [
        "5 in [1..5] and not(5 in [1..5)) and not(1 in ]1..5])",
        "[1..5).start = 1 and [1..5).end included = false and (1..5].start included = false",
        "4 in (> 3) and (>= 3).start = 3 and (< 3).end = 3 and (< 3).start = null",
        '"b" in ["a".."c"] and @"2026-02-01" in [@"2026-01-01"..@"2026-03-01"]',
        "[1..5] = [1..5] and not([1..5] = [1..5))",
        '(["a"..1] = null) = true',
    ],
    "10.3.2.8 functions": [
        "(function(x, y) x - y)(5, 2) = 3 and (function(x, y) x - y)(y: 5, x: 2) = -3",
        '(function(x: number) x)("a") = null and (function(x) x)() = null',
        "{add: function(n) function(m) n + m, r: add(2)(3)}.r = 5",
        "substring(start position: 2, string: \"abc\") = \"bc\"",
        "sort([3, 1, 2], function(x, y) x > y) = [3, 2, 1]",
        "[1, 2, 3][even(item)] = [2]",
    ],
    "10.3.2.9 types": [
        "1 instance of number and not(null instance of Any) and null instance of Null",
        '@"P1Y" instance of years and months duration and @"P1D" instance of days and time duration',
        '[1, null] instance of list<number> and not([1, "a"] instance of list<number>) and [] instance of list<string>',
        '{a: "x", b: 1} instance of context<a: string> and not({b: 1} instance of context<a: string>)',
        "[1..5] instance of range<number> and not([1..5] instance of range<string>)",
        '(function() "a") instance of function<>->string and (function() "a") instance of function<>->Any',
        "(function(a: number) a * 2) instance of function<number>->number",
        "(function(a: context<x: number>) a.x) instance of function<context<x: number, y: string>>->number",
        "not((function(a: context<x: number, y: string>) 1) instance of function<context<x: number>>->number)",
        "not((function(a: string) 1) instance of function<string, string>->number)",
        '(function(a: list<string>) {b: count(a), c: "x"}) instance of function<list<string>>->context<b: number>',
        "count instance of function<list>->number",
    ],
    "10.3.2.10 logic": [
        "(true and null) = null and (false and null) = false and (true or null) = true and (false or null) = null",
        '("a" and true) = null and ("a" and false) = false',
        "not(null) = null",
    ],
    "10.3.2.11 comparison": [
        "1 < 2 and 2 >= 2 and \"a\" < \"b\" and 1 != 2",
        '(1 < "a") = null and (null < 1) = null',
        "2 between 1 and 3 and not(0 between 1 and 3)",
        "5 in (1, > 4) and 5 in [1, 5] and 5 in [[1..2], [4..6]] and not(5 in (1, 2))",
        "[1, 2] in [[1], [1, 2]] and {a: 1} in ({a: 2}, {a: 1})",
    ],
    "10.3.2.12 arithmetic": [
        "1 / 3 = 0.3333333333333333333333333333333333",
        "2 ** 10 = 1024 and -2 ** 2 = 4 and 2 ** -1 = 0.5 and 10 - 2 - 3 = 5",
        "1 / 0 = null and \"a\" + 1 = null and \"a\" - \"b\" = null",
        'date("2026-01-31") + duration("P1M") = date("2026-02-28")',
        '@"2026-03-01" - @"2026-02-28" = @"P1D" and @"10:00:00" - @"PT11H" = @"23:00:00"',
        '@"2026-01-01T00:00:00Z" - @"2026-01-01T00:00:00+08:00" = @"PT8H"',
        '@"P1Y11M" * 2.5 = @"P4Y9M" and @"P10DT23H" / 2.5 = @"P4DT9H12M" and @"P10Y" / @"P5Y" = 2',
    ],
    "10.3.2.13 expressions": [
        'if 1 > 2 then "a" else "b" = "b"',
        "(if null then 1 else 2) = 2",
        "(for i in [1, 2], j in [i, 3] return i * j) = [1, 3, 4, 6]",
        "(for i in 4..2 return i) = [4, 3, 2] and (for i in 1..3 return i) = [1, 2, 3]",
        "(for i in 0..4 return if i = 0 then 1 else i * partial[-1]) = [1, 1, 2, 6, 24]",
        '(for d in @"2026-02-27"..@"2026-03-01" return d.day) = [27, 28, 1]',
        "(for i in (1..4) return i) = [2, 3]",
        "some x in [1, 2], y in [3] satisfies x + y = 5",
        "every x in [] satisfies false",
        "(every x in [1, null] satisfies x > 0) = null",
    ],
    "10.3.2.14 properties": [
        '@"2026-09-24".year = 2026 and @"2026-09-24".month = 9 and @"2026-09-24".day = 24 and @"2026-09-24".weekday = 4',
        '@"2026-09-24T20:01:02+08:00".hour = 20 and @"2026-09-24T20:01:02+08:00".time offset = @"PT8H"',
        '@"20:01:02@Asia/Shanghai".timezone = "Asia/Shanghai" and @"20:01:02".minute = 1 and @"20:01:02".second = 2',
        '@"P1Y2M".years = 1 and @"P1Y2M".months = 2 and @"P1DT2H3M4S".hours = 2 and @"P1Y".days = null',
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{clause}: {text}") for clause, texts in CLAUSES.items() for text in texts]
)
def test_clause(text: str) -> None:
    evaluation = examine(f"={text}", CONTEXT)
    assert evaluation.value is True, evaluation.problems


def test_types_of_an_item_definition_are_named(environment: Environment) -> None:
    family = Type("context", (Type("number"), Type("string")), ("persons", "name"))
    compiled = compile_expression(
        '[{persons: 3, name: "a"} instance of tFamily, {persons: "3"} instance of other.tFamily]',
        [],
        types={"tFamily": family, "other.tFamily": family},
    )
    assert compiled.evaluate({}, environment).value == [True, False]

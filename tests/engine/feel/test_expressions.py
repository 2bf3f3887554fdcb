"""Expressions that are true, by chapter of the language."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel import examine

HOUSEHOLD: dict[str, Any] = {
    "家庭 人口": 3,
    "户籍": {"类型": "农村", "address line 1": "张庄村", "is-local": True},
    "members": [
        {"name": "张三", "age": 71, "income": 120.5},
        {"name": "李四", "age": 17, "income": 0},
        {"name": "王五", "age": 40, "income": None},
    ],
    "amount": 1500,
    "and or": 7,
    "a-b": 5,
    "a": 10,
    "b": 3,
    "approved": True,
    "nothing": None,
    "add": "shadowed",
    "count": 2,
}

LITERALS = [
    "1 = 1.0",
    ".5 + .5 = 1",
    "1e3 = 1000",
    "-5 < -4",
    r'"a\"b" = "a" + "\u0022" + "b"',
    r'"\U01F600" = "😀"',
    r'"\uD83D\uDE00" = "😀"',
    '"two\nlines" = "two\\nlines"',
    '@"2026-09-24" = date("2026-09-24")',
    '@"P1D" = duration("P1D")',
    '@"20:00:00" = time(20, 0, 0)',
    '@"2026-09-24T20:00:00@Asia/Shanghai" = @"2026-09-24T12:00:00Z"',
    "[1, 2] = [1.0, 2]",
    "{a: 1, b: a + 1}.b = 2",
    '{"a b": 1}.a b = 1',
    "{a+b: 1}.a+b = 1",
    "1 + /* comment */ 1 = 2 // and so on",
]
OPERATORS = [
    "19.99*100 = 1999",
    "0.1+0.2 = 0.3",
    "2 + 3 * 4 = 14",
    "10 - 3 - 2 = 5",
    "2 ** 3 ** 2 = 64",
    "-2 ** 2 = 4",
    "1 / 3 * 3 = 0.9999999999999999999999999999999999",
    '"a" + "b" = "ab"',
    "1 != 2",
    "(1 = null) = false",
    "null = null",
    '("1" = 1) = null',
    "5 between 1 and 10 and 6 between 6 and 6",
    "not(5 between 6 and 10)",
    "5 in (1, 5)",
    "5 in [1..10]",
    "not(10 in [1..10))",
    "not(1 in ]1..10])",
    "not(10 in [1..10[)",
    "5 in > 4",
    "5 in (> 10, < 6)",
    "5 in [1, 5, 7]",
    "5 in (1..10)",
    "5 in (> 4)",
    '"农村" in ("城市", "农村")',
    "1 instance of number",
    '"a" instance of string and not(1 instance of string)',
    '@"P1D" instance of days and time duration',
    "[1, 2] instance of list<number>",
    'not([1, "a"] instance of list<number>)',
    "{a: 1} instance of context<a: number>",
    "(function(x: number) x + 1) instance of function<number>->number",
    "[1..2] instance of range<number>",
    'date("2026-01-01") instance of date and 1 = 1',
    "1 instance of Any and not(null instance of Any)",
]
LOGIC = [
    "if 1 > 2 then false else true",
    'if null then false else if "x" = "x" then true else false',
    "true and true or false",
    "some m in members satisfies m.age >= 70",
    "every m in members satisfies m.age > 10",
    "some x in [1, 2], y in [2, 3] satisfies x = y",
    "not(some x in [] satisfies true)",
    "every x in [] satisfies false",
]
NAMES = [
    '家庭 人口 >= 3 and 户籍.类型 = "农村"',
    "家庭 人口 * 2 = 6",
    "家庭   人口 = 3",
    '户籍.address line 1 = "张庄村"',
    "户籍.is-local",
    "and or = 7",
    "a-b = 5",
    "a - b = 7",
    "count = 2 and count([1, 2, 3]) = 3",
    'add = "shadowed"',
    "approved and amount > 500",
]
LISTS = [
    "[1, 2, 3][2] = 2",
    "[1, 2, 3][-1] = 3",
    "[1, 2, 3, 4][item > 2] = [3, 4]",
    'members[age > 18].name = ["张三", "王五"]',
    'members[name = "李四"][1].age = 17',
    "members.age = [71, 17, 40]",
    "count(members[income = null]) = 1",
    "members[item.age > b].age = [71, 17, 40]",
    "null[item > 1] = []",
    "5[1] = 5",
    "[][item > 1] = []",
    "{x: [1, 2]}.x[2] = 2",
    "[[1, 2], [3]][1] = [1, 2]",
    "(for i in [1, 2, 3] return i)[count([1, 2])] = 2",
]
LOOPS = [
    "(for i in 1..3 return i * i) = [1, 4, 9]",
    "(for i in 3..1 return i) = [3, 2, 1]",
    "(for i in [1..3) return i) = [1, 2]",
    "(for x in [1, 2], y in [10, 20] return x + y) = [11, 21, 12, 22]",
    "(for x in 1..3, y in 1..x return y) = [1, 1, 2, 1, 2, 3]",
    "(for i in 0..4 return if i = 0 then 1 else i * partial[-1]) = [1, 1, 2, 6, 24]",
    '(for d in @"2026-02-27"..@"2026-03-01" return d.day) = [27, 28, 1]',
    "(for line item in [1, 2] return line item + 1) = [2, 3]",
]
FUNCTIONS = [
    "(function(x, y) x * y)(2, 3) = 6",
    "(function(first name) first name)(first name: 3) = 3",
    "{double: function(x: number) 2 * x, four: double(2)}.four = 4",
    "{k: 3, plus: function(x) x + k, r: plus(1)}.r = 4",
    "(function(f) f(4))(sqrt) = 2",
    "sort(members, function(x, y) x.age < y.age)[1].age = 17",
    "sort(list: [2, 1], precedes: function(x, y) x < y) = [1, 2]",
    'substring(string: "abcd", start position: 2, length: 2) = "bc"',
    "(for f in [function(x) x + 1, function(x) x * 5] return f(2)) = [3, 10]",
    '(function(x: number) x)("a") = null',
    "(function(x) x)(1, 2) = null",
]
TIME = [
    'date("2026-01-31") + duration("P1M") = date("2026-02-28")',
    'date("2026-03-31") - duration("P1M") = date("2026-02-28")',
    'date("2026-09-24") - date("2026-09-20") = duration("P4D")',
    'date("2026-09-24") + duration("P1D") = date("2026-09-25")',
    '@"2026-09-24T23:00:00" + @"PT2H" = @"2026-09-25T01:00:00"',
    '@"23:00:00" + @"PT2H" = @"01:00:00"',
    '@"P1Y2M" + @"P10M" = @"P2Y"',
    '@"P1D" * 2 = @"P2D" and @"P2D" / @"PT12H" = 4',
    '@"P1Y" / 2 = @"P6M"',
    'date("2026-09-24").weekday = 4',
    '@"2026-09-24T20:30:15+08:00".time offset = @"PT8H"',
    '@"2026-09-24T20:30:15@Asia/Shanghai".timezone = "Asia/Shanghai"',
    '@"P1DT2H3M4S".minutes = 3',
    '@"-P1Y6M".years = -1 and @"-P1Y6M".months = -6',
    '@"2026-01-01" in [@"2026-01-01"..@"2026-12-31"]',
    '@"P1D" < @"PT25H"',
    'string(@"2026-09-24T20:00:00@Asia/Shanghai") = "2026-09-24T20:00:00@Asia/Shanghai"',
    'string(@"-PT90S") = "-PT1M30S" and string(@"P14M") = "P1Y2M" and string(@"P0D") = "PT0S"',
    'date and time("2026-09-24T20:00:00.123456").second = 0',
    "[1..5].start = 1 and (> 3).start = 3 and (> 3).end = null and not((> 3).start included)",
]


@pytest.mark.parametrize(
    "text",
    [*LITERALS, *OPERATORS, *LOGIC, *NAMES, *LISTS, *LOOPS, *FUNCTIONS, *TIME],
)
def test_holds(text: str) -> None:
    evaluation = examine(text, HOUSEHOLD)
    assert evaluation.value is True, evaluation.problems


@pytest.mark.parametrize("text", ["= 1 = 1", "=1=1", "  =1 = 1"])
def test_the_mark_of_an_expression_is_ignored(text: str) -> None:
    assert examine(text, {}).value is True

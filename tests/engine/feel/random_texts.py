"""Random texts for the parser and the evaluator: grown from the grammar, mutated, and built to be expensive."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engine.feel.builtins.table import FUNCTIONS

NAMES = ["a", "b", "x", "家庭 人口", "户籍", "户籍.类型", "items", "item", "partial", "?", "f", "first name", "missing"]
LITERALS = [
    *("0", "1", "-1", "2.5", "1e3", "1e-6000", "9e6100", "1000000000", "0.1", "null", "true", "false", '""', '"a"', '"家庭"'),
    *('"\\n\\u0041"', '"2026-01-31"', '"P1D"', '@"2026-01-31"', '@"-0044-03-15"', '@"12026-01-01T00:00:00Z"', '@"P1Y"'),
    *('@"10:00:00@Asia/Shanghai"', '@"PT0.000000001S"', "[]", "{}", "[1..3]", '"(a+)+$"', '"[a-z-[aeiou]]*"', '"aaaaaaaaaaaaaaaa!"'),
]  # fmt: skip
OPERATORS = [
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
    "and",
    "or",
    "in",
    "between 1 and",
    "instance of",
]
KEYS = ["b", "f", "first name", '"k"', "a"]
TYPES = ["number", "list<string>", "context<a: number>", "function<number>->Any", "range<date>", "date and time", "Any"]
SIGNS = [
    *"()[]{},.:;+-*/<>=!@\"'\\ \n\t？，（）\u3000\x00",
    "..",
    "**",
    "//",
    "/*",
    "*/",
    "->",
    "😀",
    "not(",
    "function(",
]
REPEATED = [
    "(",
    "[",
    "{a:",
    "-",
    "1+",
    "not(",
    "if a then ",
    "for x in [1] return ",
    "a.",
    "[1][",
    "function(x) ",
    "a or ",
    '"',
    "//",
    "(<",
]
EXPENSIVE = [
    "for i in 1..10**9 return i",
    'string join(for i in 1..20000 return "xxxxxxxxxxxxxxxxxxxxxxxx", ",")',
    "9**9**9",
    "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
    "every i in 1..10**12 satisfies true",
    'matches(repeat("a", 50000), "(a*)*b")',
    'replace(repeat("ab", 20000), "(a)(b)", "$2$1$2$1$2$1")',
    'split(repeat("a,", 20000), ",")',
    "{f: function(g, n) if n = 0 then 0 else g(g, n - 1), r: f(f, 10000)}.r",
    "(function(f) f(f))(function(f) f(f))",
    'for i in 1..10000 return if i = 1 then "x" else partial[-1] + partial[-1]',
    "for i in 1..100 return partial",
    "flatten([[[[[[[[[[1]]]]]]]]]])",
    "sort(for i in 1..5000 return 5000 - i)",
    "distinct values(for i in 1..3000 return [i])",
    "modulo(9e6100, 7e-6000)",
    "exp(14000) ** 2",
    "count(concatenate(items, items, items))[1]",
    "sqrt(2) ** 0.5 ** 0.25",
    "workdays after(now(), 24999)",
    'number(repeat("9", 90))',
    "date(999999999, 12, 31) + @\"P1D\" * 1e20",
    "index of(for i in 1..5000 return i, 4999)",
    "duplicate values(for i in 1..3000 return i)",
]  # fmt: skip


class RandomTexts:
    """Texts that may be FEEL, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._kinds: list[Callable[[], str]] = [
            self._grown,
            self._grown,
            self._mutated,
            self._stormy,
            self._noisy,
            self._costly,
        ]

    def text(self) -> str:
        """Return the next text, at most a little longer than an expression may be."""
        return self.random.choice(self._kinds)()[:11_000]

    def _grown(self) -> str:
        return self.expression(self.random.randrange(1, 7))

    def expression(self, depth: int) -> str:
        """Return an expression grown from the grammar, nested at most this deeply."""
        pick = self.random
        if depth <= 0:
            return pick.choice(NAMES if pick.random() < 0.4 else LITERALS)
        one, two, three = (lambda: self.expression(depth - pick.randrange(1, 3)) for _ in range(3))
        forms: list[Callable[[], str]] = [
            lambda: f"{one()} {pick.choice(OPERATORS[:-1])} {two()}",
            lambda: f"{one()} {pick.choice(OPERATORS[:8])} {two()} {pick.choice(OPERATORS[:8])} {three()}",
            lambda: f"{one()} instance of {pick.choice(TYPES)}",
            lambda: f"({one()})",
            lambda: f"-{one()}",
            lambda: f"if {one()} then {two()} else {three()}",
            lambda: f"for {pick.choice('xyf')} in {one()} return {two()}",
            lambda: f"for x in {one()}..{two()} return {three()}",
            lambda: f"{pick.choice(['some', 'every'])} x in {one()} satisfies {two()}",
            lambda: f"{one()}[{two()}]",
            lambda: f"({one()}).{pick.choice(['a', 'year', '类型', 'start included', 'time offset'])}",
            lambda: f"[{', '.join(one() for _ in range(pick.randrange(4)))}]",
            lambda: f"{{a: {one()}, {pick.choice(KEYS)}: {two()}}}",
            lambda: f"{pick.choice('[(]')}{one()}..{two()}{pick.choice('])[')}",
            lambda: f"(function(x{pick.choice(['', ': number', ', y'])}) {one()})({two()})",
            lambda: f"{one()} in ({pick.choice(['<', '>=', ''])} {two()}, {three()})",
            self._call,
            self._call,
        ]
        return pick.choice(forms)()

    def _call(self) -> str:
        entry = self.random.choice(FUNCTIONS)
        arguments = [self.expression(self.random.randrange(2)) for _ in range(self.random.randrange(5))]
        if self.random.random() < 0.1:
            arguments = [f"{p.name}: {value}" for p, value in zip(entry.parameters, arguments, strict=False)]
        return f"{entry.name}({', '.join(arguments)})"

    def _mutated(self) -> str:
        letters = list(self._grown())
        for _ in range(self.random.randrange(1, 6)):
            at = self.random.randrange(len(letters) + 1)
            change = self.random.randrange(4)
            if change == 0:
                letters[at : at + self.random.randrange(1, 4)] = []
            elif change == 1:
                letters[at:at] = [self.random.choice(SIGNS)]
            elif change == 2:
                letters[at:at] = letters[: self.random.randrange(20)]
            else:
                letters[at:at] = list(self.random.choice(LITERALS))
        return "".join(letters)

    def _stormy(self) -> str:
        piece = "".join(self.random.choice(REPEATED) for _ in range(self.random.randrange(1, 3)))
        return piece * self.random.choice([3, 20, 79, 200, 10_000 // len(piece)]) + self.expression(1)

    def _noisy(self) -> str:
        return "".join(
            self.random.choice([*SIGNS, *NAMES, *LITERALS, *OPERATORS]) for _ in range(self.random.randrange(60))
        )

    def _costly(self) -> str:
        text = self.random.choice(EXPENSIVE)
        if self.random.random() < 0.5:
            text = text.replace(self.random.choice("0123456789ab,"), self.random.choice(["9", "b", "", "0", "00"]))
        wraps = [
            "{}",
            "count({})",
            "[{}, {}]",
            "for z in 1..50 return {}",
            "string({})",
            "{{a: {}}}.a",
            "sort({})",
            "{} = {}",
        ]
        wrap = self.random.choice(wraps)
        return wrap.replace("{}", text).replace("{{", "{").replace("}}", "}")

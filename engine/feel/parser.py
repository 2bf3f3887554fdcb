"""Tokens to tree: precedence climbing for operators, one short method for each kind of expression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from engine.errors import Text
from engine.feel.cursor import Cursor
from engine.feel.lexer import FeelSyntaxError
from engine.feel.literals import Literals
from engine.feel.names import Index, index_of, scope_of
from engine.feel.session import DEFAULT_LIMITS, Limits
from engine.feel.syntax import (
    Between,
    Binding,
    Chain,
    Comparison,
    Conjunction,
    Disjunction,
    For,
    If,
    In,
    InstanceOf,
    Lambda,
    Negation,
    Node,
    Quantified,
    Test,
    Tests,
    Type,
    depth_within,
)
from engine.model import Problem

LOWEST, OR, AND, COMPARE, SUM, PRODUCT, POWER, NEGATE, INSTANCE = range(9)
_POWERS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(["=", "!=", "<", "<=", ">", ">=", "between", "in"], COMPARE),
    **dict.fromkeys(["+", "-"], SUM),
    **dict.fromkeys(["*", "/"], PRODUCT),
    "**": POWER,
    "instance": INSTANCE,
}
NO_TYPES: Mapping[str, Type] = {}
AnyNode = TypeVar("AnyNode", bound=Node)
_HALF_OPEN = ("<", "<=", ">", ">=")
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


class Parser(Literals, Cursor):
    """Parses one text against the names in scope."""

    def expression(self, least: int = LOWEST) -> Node:
        """Return the expression that starts here, as far as operators bind at least this strongly."""
        self.descend()
        start = self.token.start
        left = self._prefix()
        while True:
            token = self.token
            power = _POWERS.get(token.text) if token.kind != "string" else None
            if power is None or power < least:
                break
            left = self._operation(left, token.text, power)
            left.start, left.end = start, self.tokens[self.at - 1].end
        self.nesting -= 1
        return left

    def _operation(self, left: Node, operator: str, power: int) -> Node:
        if power in (SUM, PRODUCT, POWER):
            return self._chain(left, power)
        if power in (AND, OR):
            return self._logic(left, operator, power)
        self.at += 1
        if operator == "between":
            low = self.expression(SUM)
            self.expect("and")
            return Between(left, low, self.expression(SUM))
        if operator == "in":
            return In(left, self._tests_after_in())
        if operator == "instance":
            self.expect("of")
            return InstanceOf(left, self.type())
        return Comparison(operator, left, self.expression(SUM))

    def _chain(self, first: Node, power: int) -> Node:
        rest: list[tuple[str, Node]] = []
        while _POWERS.get(self.token.text) == power and self.token.kind == "sign":
            operator = self.token.text
            self.at += 1
            rest.append((operator, self.expression(power + 1)))
        return Chain(first, tuple(rest))

    def _logic(self, first: Node, operator: str, power: int) -> Node:
        items = [first]
        while self.skip(operator):
            items.append(self.expression(power + 1))
        return Conjunction(tuple(items)) if power == AND else Disjunction(tuple(items))

    def _prefix(self) -> Node:
        token = self.token
        if token.kind == "sign" and token.text == "-":
            self.at += 1
            return self._spanned(Negation(self.expression(NEGATE)), token.start)
        if token.kind == "sign" and token.text in _HALF_OPEN:
            self.at += 1
            return self._spanned(Test(token.text, self.expression(SUM)), token.start)
        if token.kind == "word" and not self.known_name_here():
            special = self._special(token.text)
            if special is not None:
                return self._spanned(special, token.start)
        return self.operand()

    def _special(self, word: str) -> Node | None:
        if word == "if":
            return self._if()
        if word == "for":
            return self._for()
        if word in ("some", "every"):
            return self._quantified(word)
        if word == "function":
            return self._lambda()
        return None

    def _if(self) -> Node:
        self.at += 1
        condition = self.expression()
        self.expect("then")
        one = self.expression()
        self.expect("else")
        return If(condition, one, self.expression())

    def _for(self) -> Node:
        self.at += 1
        iterators = self._iterators()
        self.expect("return")
        self.declare(["partial"])
        result = self.expression()
        self._forget(len(iterators) + 1)
        return For(iterators, result)

    def _quantified(self, kind: str) -> Node:
        self.at += 1
        iterators = self._iterators()
        self.expect("satisfies")
        condition = self.expression()
        self._forget(len(iterators))
        return Quantified(kind, iterators, condition)

    def _iterators(self) -> tuple[Binding, ...]:
        iterators = [self._iterator()]
        while self.skip(","):
            iterators.append(self._iterator())
        return tuple(iterators)

    def _iterator(self) -> Binding:
        start = self.token.start
        name = self.name_before("in")
        if name is None:
            self.refuse(Text("循环变量名和“in”", "the name of a loop variable and “in”"))
        self.expect("in")
        source = self.expression()
        high = self.expression() if self.skip("..") else None
        self.declare([name])
        return self._spanned(Binding(name, source, high), start)

    def _lambda(self) -> Node:
        self.at += 1
        self.expect("(")
        names: list[str] = []
        types: list[Type | None] = []
        while not self.sees(")"):
            name = self.name_before(",", ")", ":")
            if name is None:
                self.refuse(Text("参数名", "the name of a parameter"))
            names.append(name)
            types.append(self.type() if self.skip(":") else None)
            if not self.skip(","):
                break
        self.expect(")")
        if self.sees("external"):
            self.refuse(Text("FEEL 表达式（不支持外部函数)", "a FEEL expression (external functions are not run)"))
        self.declare(names)
        body = self.expression()
        self.forget()
        return Lambda(tuple(names), tuple(types), body)

    def _forget(self, count: int) -> None:
        for _ in range(count):
            self.forget()

    def tests(self) -> Tests:
        """Return the unary tests of a table cell that start here."""
        if self.sees("-") and self.tokens[self.at + 1].kind == "end":
            self.at += 1
            return Tests(())
        if self.sees("not") and self.tokens[self.at + 1].text == "(":
            return self._negated()
        return Tests(self._test_list())

    def _negated(self) -> Tests:
        """``not(…)`` negates the tests only if it is the whole cell; otherwise it is the function."""
        mark, scopes = self.at, len(self._scopes)
        self.at += 2
        try:
            tests = self._test_list()
            self.expect(")")
            whole = self.token.kind == "end"
        except FeelSyntaxError:
            whole = False
        if whole:
            return Tests(tests, negated=True)
        self.at, self.nesting = mark, 0
        del self._scopes[scopes:]
        return Tests(self._test_list())

    def _test_list(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self.skip(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Node:
        token = self.token
        if token.kind == "sign" and token.text in _COMPARISONS:
            self.at += 1
            return self._spanned(Test(token.text, self.expression(SUM)), token.start)
        return self.expression()

    def _tests_after_in(self) -> Tests:
        if not self.sees("("):
            token = self.token
            if token.text in _COMPARISONS:
                return Tests((self._test(),))
            return Tests((self.expression(SUM),))
        start = self.token.start
        self.at += 1
        tests = self._test_list()
        if len(tests) == 1 and self.skip(".."):
            return Tests((self._spanned(self.range_to(tests[0], self.expression(), False), start),))
        self.expect(")")
        return Tests(tests)

    def _spanned(self, node: AnyNode, start: int) -> AnyNode:
        node.start, node.end = start, self.tokens[self.at - 1].end
        return node

    def finish(self, tree: Node) -> Node:
        """Return the tree once nothing follows it. Raises FeelSyntaxError otherwise, or when it is too deep."""
        if self.token.kind != "end":
            self.refuse(Text("运算符或表达式结尾", "an operator or the end of the expression"))
        if depth_within(tree, self.limits.nesting) > self.limits.nesting:
            self.refuse_depth(0)
        return tree


def parse_expression(
    text: str,
    names: Iterable[str],
    builtins: Index,
    members: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    types: Mapping[str, Type] = NO_TYPES,
) -> Node:
    """Return the tree of an expression. Raises FeelSyntaxError."""
    parser = Parser(text, [builtins, scope_of(frozenset(names))], index_of(members), limits, types)
    if parser.token.kind == "end":
        raise FeelSyntaxError(
            Problem(0, text[:40], Text("此处应有表达式，却是空的。", "Expected an expression, but it is empty."))
        )
    return parser.finish(parser.expression())


def parse_tests(
    text: str,
    names: Iterable[str],
    builtins: Index,
    members: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    types: Mapping[str, Type] = NO_TYPES,
) -> Node:
    """Return the tree of a table cell; an empty cell tests nothing, like ``-``. Raises FeelSyntaxError."""
    parser = Parser(text, [builtins, scope_of(frozenset(names))], index_of(members), limits, types)
    return Tests(()) if parser.token.kind == "end" else parser.finish(parser.tests())

"""Operands: literals, names, brackets of every kind, and what may follow them (paths, filters, calls)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from engine.errors import Text
from engine.feel.cursor import Cursor
from engine.feel.lexer import FeelSyntaxError, Token, string_value
from engine.feel.names import written
from engine.feel.syntax import (
    AtLiteral,
    Call,
    ContextOf,
    Filter,
    ListOf,
    Literal,
    Name,
    Node,
    Path,
    RangeOf,
    Test,
    Type,
)
from engine.feel.types import TYPE_NAMES
from engine.model import Problem

_WORDS = {"null": None, "true": True, "false": False}
_OPENING = ("(", "[", "{", "@", "-", "]", "<", "<=", ">", ">=", "=", "!=")
_CONTINUING = ("and", "or", "in", "between", "then", "else", "return", "satisfies", "instance")
_LONGEST_TYPE_NAME = 12
_UNARY = ("<", "<=", ">", ">=", "=", "!=")


class Literals(Cursor):
    """The part of the parser below the operators."""

    if TYPE_CHECKING:

        def expression(self, least: int = 0) -> Node:
            """Return the expression that starts here."""

    def operand(self) -> Node:
        """Return a literal, name or bracket with all paths, filters and calls behind it."""
        start = self.token.start
        node = self._start()
        while True:
            node.start, node.end = start, self.tokens[self.at - 1].end
            if self.sees("."):
                node = self._path(node)
            elif self.sees("[") and self._opens_filter():
                self.at += 1
                node = Filter(node, self._until("]"))
            elif self.sees("("):
                node = self._call(node)
            else:
                return node

    def _opens_filter(self) -> bool:
        """Return whether the ``[`` here starts a filter; otherwise it is the open end of a range, as in ``[1..5[``."""
        following = self.tokens[self.at + 1]
        if following.kind == "sign":
            return following.text in _OPENING
        return following.kind != "end" and following.text not in _CONTINUING

    def _start(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.at += 1
            return Literal(self._number(token))
        if token.kind == "string":
            self.at += 1
            return Literal(self._string(token))
        if token.kind == "word":
            return self._word(token)
        if token.kind == "sign":
            return self._bracket(token.text)
        return self.refuse(Text("表达式", "an expression"))

    def _word(self, token: Token) -> Node:
        if token.text in _WORDS and not self.known_words_here():
            self.at += 1
            return Literal(_WORDS[token.text])
        return Name(self.name())

    def _number(self, token: Token) -> Decimal:
        try:
            number = Decimal(token.text)
        except InvalidOperation:
            number = Decimal("Infinity")
        if not number.is_finite() or abs(number.adjusted()) > 6144 or len(number.as_tuple().digits) > 200:
            self.at -= 1
            self.refuse(Text("不超出范围的数字", "a number within range"))
        return number

    def _string(self, token: Token) -> str:
        try:
            return string_value(token.text)
        except ValueError:
            message = Text("文本中有不存在的字符编码。", "Expected characters that exist, but an escape names none.")
            raise FeelSyntaxError(Problem(token.start, token.text[:40], message)) from None

    def _bracket(self, sign: str) -> Node:
        if sign not in "([{]@":
            self.refuse(Text("表达式", "an expression"))
        self.at += 1
        if sign == "@":
            return self._at_literal()
        if sign == "{":
            return self._context()
        if sign == "(" and self.token.kind == "sign" and self.token.text in _UNARY:
            return self._open_range()
        if sign == "[" and self.skip("]"):
            return ListOf(())
        return self._list_or_range(sign)

    def _list_or_range(self, sign: str) -> Node:
        first = self.expression()
        if self.skip(".."):
            return self.range_to(first, self.expression(), sign == "[")
        if sign == "(":
            self.expect(")")
            return first
        if sign == "]":
            self.refuse(Text("“..”", "“..”"))
        items = [first]
        while self.skip(","):
            items.append(self.expression())
        self.expect("]")
        return ListOf(tuple(items))

    def range_to(self, low: Node, high: Node, low_closed: bool) -> Node:
        """Return the range with these ends after its closing bracket. Raises FeelSyntaxError if there is none."""
        if self.skip("]"):
            return RangeOf(low, high, low_closed, True)
        if self.skip(")") or self.skip("["):
            return RangeOf(low, high, low_closed, False)
        return self.refuse(Text("区间的结尾“]”或“)”", "the end of the range, “]” or “)”"))

    def _open_range(self) -> Node:
        operator = self.token.text
        self.at += 1
        value = self._until(")")
        return Test(operator, value)

    def _at_literal(self) -> Node:
        token = self.token
        if token.kind != "string":
            self.refuse(Text("引号中的日期、时间或时长", "a quoted date, time or duration"))
        self.at += 1
        return AtLiteral(self._string(token))

    def _context(self) -> Node:
        keys: list[str] = []
        values: list[Node] = []
        while not self.sees("}"):
            keys.append(self._key())
            self.expect(":")
            values.append(self.expression())
            self.declare([keys[-1]])
            self.know_member(keys[-1])
            if not self.skip(","):
                break
        for _ in keys:
            self.forget()
        self.expect("}")
        if len(set(keys)) < len(keys):
            message = Text("上下文的键不能重复。", "Expected every key of a context once, but one is repeated.")
            raise FeelSyntaxError(Problem(self.tokens[self.at - 1].start, "}", message))
        return ContextOf(tuple(keys), tuple(values))

    def _key(self) -> str:
        token = self.token
        if token.kind == "string":
            self.at += 1
            return self._string(token)
        name = self.name_before(":")
        return name if name is not None else self.refuse(Text("键和“:”", "a key and “:”"))

    def _path(self, source: Node) -> Node:
        names = []
        while self.skip("."):
            names.append(self.member())
        if isinstance(source, Path):
            return Path(source.source, (*source.names, *names))
        return Path(source, tuple(names))

    def _call(self, function: Node) -> Node:
        self.at += 1
        if self.skip(")"):
            return Call(function, (), None)
        names: list[str] = []
        arguments: list[Node] = []
        while True:
            name = self.name_before(":")
            if arguments and (name is None) == bool(names):
                self.refuse(Text("全部带名或全部不带名的参数", "all arguments named or none"))
            if name is not None:
                names.append(name)
                self.expect(":")
            arguments.append(self.expression())
            if not self.skip(","):
                break
        self.expect(")")
        return Call(function, tuple(arguments), tuple(names) if names else None)

    def _until(self, closing: str) -> Node:
        node = self.expression()
        self.expect(closing)
        return node

    def type(self) -> Type:
        """Return the type that is named here. Raises FeelSyntaxError for an unknown one."""
        self.descend()
        name, size = "", 0
        for end in range(self.at + 1, min(self.at + _LONGEST_TYPE_NAME, len(self.tokens))):
            words = written(self.tokens[self.at : end])
            if words in TYPE_NAMES or words in self.types:
                name, size = words, end - self.at
        if not name:
            self.refuse(Text("类型名", "the name of a type"))
        self.at += size
        kind = self.types[name] if name in self.types else self._structured(name)
        self.nesting -= 1
        return kind

    def _structured(self, name: str) -> Type:
        if name in ("list", "range") and self.skip("<"):
            element = self.type()
            self.expect(">")
            return Type(name, (element,))
        if name == "context" and self.skip("<"):
            return self._context_type()
        if name == "function" and self.skip("<"):
            return self._function_type()
        return Type(name)

    def _context_type(self) -> Type:
        names: list[str] = []
        types: list[Type] = []
        while not self.sees(">"):
            name = self.name_before(":")
            names.append(name if name is not None else self.refuse(Text("键和“:”", "a key and “:”")))
            self.expect(":")
            types.append(self.type())
            if not self.skip(","):
                break
        self.expect(">")
        return Type("context", tuple(types), tuple(names))

    def _function_type(self) -> Type:
        types: list[Type] = []
        while not self.sees(">"):
            types.append(self.type())
            if not self.skip(","):
                break
        self.expect(">")
        self.expect("->")
        types.append(self.type())
        return Type("function", tuple(types))

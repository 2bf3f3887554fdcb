"""Text to tokens. Words of a name stay single tokens: which of them form one name depends on the scope."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.errors import Text
from engine.model import Problem

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u180e\u200b\ufeff"
_TOKEN = re.compile(
    rf"""(?P<space>(?:[{_SPACE}]+|//[^\n]*|/\*.*?\*/)+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>(?![{_SPACE}])[{_START}](?:(?![{_SPACE}])[{_PART}])*)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<sign>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@'])""",
    re.VERBOSE | re.DOTALL,
)
_HINTS = {"“": '"', "”": '"', "‘": '"', "’": "'", "&": "and", "|": "or", "!": "not(…)", ";": ","}


class FeelSyntaxError(Exception):
    """The text is not FEEL; ``problem`` says where and what was expected."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.message.en} (position {problem.position})")
        self.problem = problem


class Token(NamedTuple):
    """One token; ``spaced`` tells whether white space or a comment stands before it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of the text, ended by one of kind ``end``. Raises FeelSyntaxError for a foreign character."""
    tokens: list[Token] = []
    position, size, spaced = 0, len(text), False
    match = _TOKEN.match
    while position < size:
        found = match(text, position)
        if found is None:
            raise FeelSyntaxError(_foreign(text, position))
        kind = found.lastgroup
        end = found.end()
        if kind == "space":
            spaced = True
        else:
            tokens.append(Token(str(kind), found.group(), position, end, spaced))
            spaced = False
        position = end
    tokens.append(Token("end", "", size, size, spaced))
    return tokens


def _foreign(text: str, position: int) -> Problem:
    character = text[position]
    if character == '"':
        return Problem(
            position, text[position:][:40], Text("文本缺少结束的引号。", 'Expected a closing ", but the text ends.')
        )
    hint = _HINTS.get(character)
    zh = f"不认识字符“{character}”" + (f",请改用 {hint}。" if hint else "。")
    en = f"Expected FEEL, but found {character!r}" + (f"; write {hint} instead." if hint else ".")
    return Problem(position, character, Text(zh, en))


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def string_value(literal: str) -> str:
    """Return the text that a quoted literal stands for. Raises ValueError for a code point that does not exist."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    value = _SURROGATES.sub(_joined, _ESCAPE.sub(_unescaped, body))
    value.encode()
    return value


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    letter = match[3]
    return _LETTERS.get(letter, letter if letter in "\"'\\/" else "\\" + letter)


def _joined(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")

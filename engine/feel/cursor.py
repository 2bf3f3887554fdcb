"""Walking over tokens: look, take, expect, and read names against the scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

from engine.errors import Text
from engine.feel.lexer import FeelSyntaxError, Token, tokens_of
from engine.feel.names import FULL_WIDTH, Index, ScopeIndex, index_of, joined, longest, words_of, written
from engine.feel.session import Limits
from engine.feel.syntax import Type
from engine.model import Problem

_NAME_SIGNS = frozenset([".", "/", "-", "'", "+", "*", "**"])


class Cursor:
    """A position in the tokens of one text, and the names of values and types in scope there."""

    def __init__(
        self, text: str, scopes: Sequence[ScopeIndex], members: Index, limits: Limits, types: Mapping[str, Type]
    ) -> None:
        self.text = text
        self.limits = limits
        self.types = types
        self.nesting = 0
        self.at = 0
        self._scopes = list(scopes)
        self._members = members
        if len(text) > limits.length:
            zh = f"表达式应不超过 {limits.length} 个字符，但有 {len(text)} 个。"
            en = f"Expected at most {limits.length} characters, but there are {len(text)}."
            raise FeelSyntaxError(Problem(limits.length, text[:40], Text(zh, en)))
        self.tokens = tokens_of(text)

    @property
    def token(self) -> Token:
        """The token at the position."""
        return self.tokens[self.at]

    def sees(self, text: str) -> bool:
        """Return whether the sign or keyword stands here."""
        token = self.tokens[self.at]
        return token.text == text and token.kind != "string"

    def skip(self, text: str) -> bool:
        """Return whether the sign or keyword stood here; it is then behind the position."""
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Go past the sign or keyword. Raises FeelSyntaxError if another one stands here."""
        if not self.skip(text):
            self.refuse(Text(f"“{text}”", f"“{text}”"))

    def refuse(self, expected: Text) -> NoReturn:
        """Raise FeelSyntaxError: something else was expected at the position."""
        token = self.token
        zh = f"却是“{token.text[:40]}”" if token.kind != "end" else "表达式却结束了"
        en = f"found “{token.text[:40]}”" if token.kind != "end" else "the expression ends"
        message = Text(f"此处应为{expected.zh},{zh}。", f"Expected {expected.en}, but {en}.")
        raise FeelSyntaxError(Problem(token.start, self.text[token.start :][:40], message))

    def descend(self) -> None:
        """Go one level of nesting deeper. Raises FeelSyntaxError beyond the cap."""
        self.nesting += 1
        if self.nesting > self.limits.nesting:
            self.refuse_depth(self.token.start)

    def refuse_depth(self, position: int) -> NoReturn:
        """Raise FeelSyntaxError: the expression is nested too deeply."""
        cap = self.limits.nesting
        message = Text(
            f"嵌套应不超过 {cap} 层，但更深，请拆成几步。",
            f"Expected at most {cap} levels of nesting, but there are more; use several steps.",
        )
        raise FeelSyntaxError(Problem(position, self.text[position:][:40], message))

    def declare(self, names: Iterable[str]) -> None:
        """Bring names into scope until the matching ``forget``."""
        self._scopes.append(index_of(names))

    def forget(self) -> None:
        """Take the names declared last out of scope."""
        self._scopes.pop()

    def know_member(self, name: str) -> None:
        """Remember the key of a context, so that it can be read after a dot although it has signs in it."""
        words = words_of(name)
        if len(words) > 1:
            self._members.setdefault(words[0][0], []).append(words)

    def name(self) -> str:
        """Return the longest name in scope that starts here, else all words up to a keyword or sign."""
        known = longest([*self._scopes, self._members], self.tokens, self.at)
        if not known and not FULL_WIDTH.isdisjoint(self.token.text):
            self._refuse_wide()
        return self._take_name(known)

    def _refuse_wide(self) -> NoReturn:
        token = self.token
        at = next(n for n, letter in enumerate(token.text) if letter in FULL_WIDTH)
        message = Text(
            f"没有名为“{token.text[:40]}”的变量；如果“{token.text[at]}”是符号，请改用半角。",
            f"Expected a variable, but there is no “{token.text[:40]}”; write “{token.text[at]}” half-width.",
        )
        raise FeelSyntaxError(Problem(token.start + at, self.text[token.start + at :][:40], message))

    def member(self) -> str:
        """Return the name after a dot. Raises FeelSyntaxError if there is none."""
        if self.token.kind != "word":
            self.refuse(Text("名称", "a name"))
        return self._take_name(longest([self._members], self.tokens, self.at))

    def known_name_here(self) -> bool:
        """Return whether a name in scope of several words, or spelt like a keyword, starts here."""
        return longest(self._scopes, self.tokens, self.at) > 0

    def known_words_here(self) -> bool:
        """Return whether a name in scope of several words starts here."""
        return longest(self._scopes, self.tokens, self.at) > 1

    def name_before(self, *stops: str) -> str | None:
        """Return the name that stands before one of the signs or keywords, however it is spelt; None if none does."""
        end = self.at
        while self._in_name(self.tokens[end]) and self.tokens[end].text not in stops:
            end += 1
        if end == self.at or self.tokens[end].text not in stops or self.token.kind != "word":
            return None
        return self._take_name(end - self.at)

    @staticmethod
    def _in_name(token: Token) -> bool:
        return token.kind in ("word", "number") or (token.kind == "sign" and token.text in _NAME_SIGNS)

    def _take_name(self, count: int) -> str:
        start = self.at
        self.at += count or joined(self.tokens, start)
        return written(self.tokens[start : self.at])

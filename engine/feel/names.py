"""Which words form one name: the longest name in scope, else all words up to the next keyword or sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from engine.feel.lexer import FeelSyntaxError, Token, tokens_of

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "in",
        "between",
        "instance",
        "then",
        "else",
        "return",
        "satisfies",
        "if",
        "for",
        "some",
        "every",
        "function",
        "null",
        "true",
        "false",
    ]
)
FULL_WIDTH = frozenset(
    "\uff0c\uff1b\uff1a\uff08\uff09\uff3b\uff3d\uff5b\uff5d\uff1d\uff1c\uff1e\uff01\uff0b\uff0d\uff0a\uff0f\u3001\u3002"
)
"""Signs that may stand in a name, but are more often typed by mistake for the narrow ones."""
Words = tuple[tuple[str, bool], ...]
Index = dict[str, list[Words]]
ScopeIndex = Mapping[str, Sequence[Words]]


@lru_cache(maxsize=20_000)
def words_of(name: str) -> Words:
    """Return the tokens of a name with their spacing; empty if it could never be written as a name."""
    try:
        tokens = tokens_of(name.strip())[:-1]
    except FeelSyntaxError:
        return ()
    if not tokens or tokens[0].kind != "word" or any(token.kind == "string" for token in tokens):
        return ()
    return tuple((token.text, token.spaced) for token in tokens)


@lru_cache(maxsize=1_000)
def scope_of(names: frozenset[str]) -> ScopeIndex:
    """Return the index of names in scope; all expressions of a process share the same ones."""
    return index_of(names)


def index_of(names: Iterable[str]) -> Index:
    """Return the names that take more than one token, by first token, longest first."""
    index: Index = {}
    for name in names:
        words = words_of(name)
        if len(words) > 1 or (words and (words[0][0] in KEYWORDS or not FULL_WIDTH.isdisjoint(words[0][0]))):
            index.setdefault(words[0][0], []).append(words)
    for candidates in index.values():
        candidates.sort(key=len, reverse=True)
    return index


def longest(indexes: Sequence[ScopeIndex], tokens: Sequence[Token], at: int) -> int:
    """Return how many tokens from ``at`` on form the longest indexed name; 0 if none does."""
    best = 0
    first = tokens[at].text
    for index in indexes:
        for words in index.get(first, ()):
            if len(words) > best and _stands(words, tokens, at):
                best = len(words)
    return best


def joined(tokens: Sequence[Token], at: int) -> int:
    """Return how many words from ``at`` on follow each other without a keyword; at least 1."""
    count = 1
    if tokens[at].text == "?":
        return count
    while True:
        token = tokens[at + count]
        if token.kind == "number" or (token.kind == "word" and token.text not in KEYWORDS and token.text != "?"):
            count += 1
        else:
            return count


def _stands(words: Words, tokens: Sequence[Token], at: int) -> bool:
    if at + len(words) >= len(tokens):
        return False
    for offset, (text, spaced) in enumerate(words):
        token = tokens[at + offset]
        if token.text != text or (offset and token.spaced != spaced):
            return False
    return True


def written(tokens: Sequence[Token]) -> str:
    """Return the name that the tokens spell, any white space as one blank."""
    return "".join((" " if token.spaced and n else "") + token.text for n, token in enumerate(tokens))

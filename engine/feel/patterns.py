"""XPath regular expressions on RE2, whose time is linear in the text; back references do not exist there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from engine.errors import Text
from engine.feel.regular_expressions import RefersBack, translated
from engine.feel.session import Failure, Session

_FLAGS = frozenset("smixq")
_LONGEST = 1_000
_MEMORY = 1 << 20
_compile: Any = re2.compile
_PER_MATCH, _PER_PART = 15, 3
_GROUP = re.compile(r"\\([\\$])|\$(\d{1,3})|(.)", re.DOTALL | re.ASCII)


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


@lru_cache(maxsize=128)
def _compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > _LONGEST or not _FLAGS.issuperset(flags):
        raise _refused(pattern)
    try:
        return _compile(translated(pattern, flags), _options())
    except RefersBack:
        raise _backward(pattern) from None
    except (ValueError, re2.error):
        raise _refused(pattern) from None


def _refused(pattern: str) -> Failure:
    shown = pattern[:40]
    zh = f"应是 XPath 正则表达式，但“{shown}”不是或过大，结果为空。"
    return Failure(Text(zh, f"Expected a pattern as XPath writes it, but “{shown}” is none or too large; it is null."))


def _backward(pattern: str) -> Failure:
    shown = pattern[:40]
    zh = f"正则表达式“{shown}”含有反向引用，不支持，结果为空。"
    return Failure(Text(zh, f"Expected a pattern without back references, but “{shown}” has one, so it is null."))


def matches(text: str, pattern: str, flags: str | None = None) -> bool:
    """Return whether the pattern is found in the text. Raises Failure for a pattern that cannot be used."""
    return _compiled(pattern, flags or "").search(text) is not None


def replace(session: Session, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Return the text with every match replaced, ``$1`` standing for the first group. Raises Failure."""
    compiled = _separating(pattern, flags or "")
    parts = _template(replacement, compiled.groups) if "q" not in (flags or "") else [replacement]
    pieces, last, size = [], 0, 0
    for match in compiled.finditer(text):
        piece = "".join(part if type(part) is str else match.group(part) or "" for part in parts)
        pieces += [text[last : match.start()], piece]
        last = match.end()
        size += len(piece)
        session.spend(_PER_MATCH + _PER_PART * len(parts))
        session.measure(size, session.limits.characters, Text("个字符", "characters"))
    return "".join([*pieces, text[last:]])


def _separating(pattern: str, flags: str) -> Any:
    """Return the compiled pattern. Raises Failure when it finds something in an empty text, as XPath forbids here."""
    compiled = _compiled(pattern, flags)
    if compiled.search("") is not None:
        shown = pattern[:40]
        zh = f"正则表达式“{shown}”不应匹配空文本，结果为空。"
        raise Failure(Text(zh, f"Expected a pattern that needs a character, but “{shown}” does not; it is null."))
    return compiled


def _template(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    for match in _GROUP.finditer(replacement):
        if match[2] is not None:
            parts += _group(match[2], groups)
            continue
        if match[3] in ("$", "\\"):
            zh = "替换文本中的“$”后应是组号，“\\”后应是“$”或“\\”，结果为空。"
            raise Failure(Text(zh, "Expected a group behind “$” and “$” or “\\” behind “\\”, so the result is null."))
        parts.append(match[1] or match[3])
    return parts


def _group(digits: str, groups: int) -> list[str | int]:
    """Return the group that the digits number, and those behind them that number none."""
    size = next((size for size in range(len(digits), 1, -1) if int(digits[:size]) <= groups), 1)
    number = int(digits[:size])
    return [number if number <= groups else "", digits[size:]]


def split(session: Session, text: str, pattern: str) -> list[str]:
    """Return the parts of the text between matches. Raises Failure for a pattern that cannot be used."""
    parts, last = [], 0
    for match in _separating(pattern, "").finditer(text):
        parts.append(text[last : match.start()])
        last = match.end()
        session.spend(_PER_MATCH)
    return [*parts, text[last:]]

"""XPath regular expressions on RE2, whose time is linear in the text; back references do not exist there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from engine.errors import Text
from engine.feel.session import Failure, Session

_FLAGS = frozenset("smixq")
_LONGEST = 1_000
_MEMORY = 1 << 20
_compile: Any = re2.compile
_PER_MATCH = 15
_GROUP = re.compile(r"\\([\\$])|\$(\d)|(.)", re.DOTALL)
_NAME_START = r"[\pL_:]"
_NAME_PART = r"[\pL\pN_:.\-\x{b7}]"


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


@lru_cache(maxsize=128)
def _compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > _LONGEST or not _FLAGS.issuperset(flags):
        raise _refused(pattern)
    source = _literal(pattern) if "q" in flags else _translated(_squeezed(pattern) if "x" in flags else pattern)
    switches = "".join(letter for letter in "smi" if letter in flags)
    try:
        return _compile((f"(?{switches})" if switches else "") + source, _options())
    except re2.error:
        raise _refused(pattern) from None


def _literal(text: str) -> str:
    return "".join("\\" + letter if letter in "\\.+*?()|[]{}^$" else letter for letter in text)


def _refused(pattern: str) -> Failure:
    shown = pattern[:40]
    zh = f"正则表达式“{shown}”无法使用（不支持反向引用和环视),结果为空。"
    return Failure(Text(zh, f"Expected a pattern without back references, but “{shown}” cannot be used; it is null."))


def _squeezed(pattern: str) -> str:
    """Return the pattern without white space outside of character classes."""
    kept, inside, escaped = [], False, False
    for character in pattern:
        if not character.isspace() or inside or escaped:
            kept.append(character)
        if not escaped:
            inside = character == "[" or (inside and character != "]")
        escaped = character == "\\" and not escaped
    return "".join(kept)


_TRANSLATIONS = {r"\i": _NAME_START, r"\c": _NAME_PART, r"\I": r"[^\pL_:]", r"\C": r"[^\pL\pN_:.\-\x{b7}]"}
_ESCAPES = re.compile(r"\\([pP])\{Is(\w+)\}|\\(.)", re.DOTALL)
_BLOCKS = {
    "BasicLatin": r"\x{0}-\x{7f}",
    "Latin-1Supplement": r"\x{80}-\x{ff}",
    "CJKUnifiedIdeographs": r"\x{4e00}-\x{9fff}",
    "Greek": r"\x{370}-\x{3ff}",
    "Cyrillic": r"\x{400}-\x{4ff}",
}


def _translated(pattern: str) -> str:
    """Return the pattern in RE2's syntax: XPath's name classes, blocks and class subtraction have no direct form."""
    if re.search(r"-\[", pattern) or "(?" in pattern.replace("(?:", ""):
        raise _refused(pattern)
    return _ESCAPES.sub(_escape, pattern)


def _escape(match: re.Match[str]) -> str:
    if match[2] is not None:
        block = _BLOCKS.get(match[2])
        if block is None:
            raise _refused(match[0])
        return f"[{'^' if match[1] == 'P' else ''}{block}]"
    if match[3] in "123456789":
        raise _refused(match[0])
    return _TRANSLATIONS.get(match[0], match[0])


def matches(text: str, pattern: str, flags: str | None = None) -> bool:
    """Return whether the pattern is found in the text. Raises Failure for a pattern that cannot be used."""
    return _compiled(pattern, flags or "").search(text) is not None


def replace(session: Session, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Return the text with every match replaced, ``$1`` standing for the first group. Raises Failure."""
    compiled = _compiled(pattern, flags or "")
    if compiled.search("") is not None:
        zh = f"正则表达式“{pattern[:40]}”不应匹配空文本，结果为空。"
        raise Failure(
            Text(zh, f"Expected a pattern that needs a character, but “{pattern[:40]}” does not; it is null.")
        )
    parts = _template(replacement, compiled.groups) if "q" not in (flags or "") else [replacement]
    pieces, last, size = [], 0, 0
    for match in compiled.finditer(text):
        piece = "".join(part if type(part) is str else match.group(part) or "" for part in parts)
        pieces += [text[last : match.start()], piece]
        last = match.end()
        size += len(piece)
        session.spend(_PER_MATCH)
        session.measure(size, session.limits.characters, Text("个字符", "characters"))
    return "".join([*pieces, text[last:]])


def _template(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    for match in _GROUP.finditer(replacement):
        if match[2] is not None:
            parts.append(int(match[2]) if int(match[2]) <= groups else "")
            continue
        if match[3] in ("$", "\\"):
            zh = "替换文本中的“$”后应是组号，“\\”后应是“$”或“\\”，结果为空。"
            raise Failure(Text(zh, "Expected a group behind “$” and “$” or “\\” behind “\\”, so the result is null."))
        parts.append(match[1] or match[3])
    return parts


def split(session: Session, text: str, pattern: str) -> list[str]:
    """Return the parts of the text between matches. Raises Failure for a pattern that cannot be used."""
    parts, last = [], 0
    for match in _compiled(pattern, "").finditer(text):
        if match.end() > match.start():
            parts.append(text[last : match.start()])
            last = match.end()
        session.spend(_PER_MATCH)
    return [*parts, text[last:]]

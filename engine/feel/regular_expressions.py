"""XPath regular expressions in the syntax of RE2; whatever is not one, or refers back, is refused."""

from __future__ import annotations

import re

from engine.feel.blocks import BLOCKS
from engine.feel.character_sets import (
    CharacterSet,
    complement,
    depends_on_case,
    difference,
    of_category,
    of_ranges,
    union,
    written,
)

_QUANTIFIER = re.compile(r"(?:[?*+]|\{\d{1,4}(?:,(?:\d{1,4})?)?\})\??", re.ASCII)
_CATEGORY = re.compile(r"\{(?:Is([A-Za-z0-9-]+)|([A-Z][a-z]?))\}", re.ASCII)
_CATEGORIES = {
    *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe"),
    *("Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "Cc", "Cf", "Co"),
}
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {letter: letter for letter in "\\|.?*+(){}$-[]^"}
_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_WHITE_SPACE = " \t\n\r"
_ASSIGNED = union(*map(of_category, "LMNPZS"))
_OTHER = complement(_ASSIGNED)
_UNASSIGNED = difference(_OTHER, union(*map(of_category, ("Cc", "Cf", "Co", "Cs"))))
# The letters and marks that names of XML may start with and consist of.
_NAME_START = of_ranges(
    *[(0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF)],
    *[(0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF)],
    *[(0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)],
)
_NAME_PART = union(_NAME_START, of_ranges((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)))
_CLASSES = {
    "d": of_category("Nd"),
    "s": of_ranges((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20)),
    "w": union(*map(of_category, "LMNS")),
    "i": _NAME_START,
    "c": _NAME_PART,
}


class NoPattern(ValueError):
    """The text is no regular expression of XPath that RE2 can run."""


class RefersBack(NoPattern):
    """The pattern refers back to a group, which cannot be done in linear time."""


def translated(pattern: str, flags: str) -> str:
    """Return the pattern as RE2 writes it, the flags ``s``, ``m``, ``i``, ``x`` and ``q`` included. Raises NoPattern."""
    body = escaped(pattern) if "q" in flags else _Translation(pattern, flags).run()
    switches = "".join(letter for letter in "smi" if letter in flags)
    return f"(?{switches}){body}" if switches else body


def escaped(text: str) -> str:
    """Return a pattern that finds the text itself."""
    return "".join("\\" + letter if letter in _SPECIAL else letter for letter in text)


class _Translation:
    """One pass over a pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.ignores_case, self.ignores_space = "i" in flags, "x" in flags
        self.at = 0
        self.open = 0
        self.repeatable = False

    def run(self) -> str:
        """Return the pattern in RE2's syntax."""
        pieces = []
        while self.at < len(self.pattern):
            pieces.append(self._piece(self.pattern[self.at]))
        if self.open:
            raise NoPattern
        return "".join(pieces)

    def _piece(self, letter: str) -> str:
        if letter in "?*+{":
            return self._quantifier()
        if letter in "()|":
            return self._group(letter)
        self.at += 1
        if self.ignores_space and letter in _WHITE_SPACE:
            return ""
        self.repeatable = True
        if letter == "\\":
            return self._escape()
        if letter == "[":
            return self._written(self._class())
        if letter in "]}":
            raise NoPattern
        return letter

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not self.repeatable or found is None:
            raise NoPattern
        self.at, self.repeatable = found.end(), False
        return found.group()

    def _group(self, letter: str) -> str:
        self.at += 1
        self.open += {"(": 1, ")": -1}.get(letter, 0)
        if self.open < 0:
            raise NoPattern
        self.repeatable = letter == ")"
        if letter == "(" and self.pattern.startswith("?:", self.at):
            self.at += 2
            return "(?:"
        return letter

    def _escape(self) -> str:
        found = self._escaped()
        return escaped(found) if isinstance(found, str) else self._written(found)

    def _escaped(self) -> str | CharacterSet:
        """Return the character or the set that the escape stands for, whose backslash is behind the position."""
        letter = self.pattern[self.at : self.at + 1]
        self.at += 1
        if letter in _SINGLE:
            return _SINGLE[letter]
        if letter.lower() in _CLASSES:
            found = _CLASSES[letter.lower()]
            return found if letter.islower() else complement(found)
        if letter in ("p", "P"):
            return self._category(letter == "P")
        raise RefersBack if letter.isdigit() else NoPattern

    def _category(self, lacking: bool) -> CharacterSet:
        found = _CATEGORY.match(self.pattern, self.at)
        if found is None:
            raise NoPattern
        self.at = found.end()
        characters = _block(found[1]) if found[1] else _of_category(found[2])
        return complement(characters) if lacking else characters

    def _class(self) -> CharacterSet:
        """Return the set between the brackets, of which the opening one is behind the position."""
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        start, items = self.at, list[CharacterSet]()
        while True:
            letter = self.pattern[self.at : self.at + 1]
            if not letter or (letter in "[]" and self.at == start):
                raise NoPattern
            if letter == "]" or self.pattern.startswith("-[", self.at):
                break
            items.append(self._item())
        characters = complement(union(*items)) if negated else union(*items)
        if letter == "-":
            self.at += 2
            characters = difference(characters, self._class())
            letter = self.pattern[self.at : self.at + 1]
        if letter != "]":
            raise NoPattern
        self.at += 1
        return characters

    def _item(self) -> CharacterSet:
        first = self._character()
        if not isinstance(first, str):
            return first
        following = self.pattern[self.at : self.at + 2]
        if following[:1] != "-" or following in ("-]", "-["):
            return of_ranges((ord(first), ord(first)))
        self.at += 1
        last = self._character()
        if not isinstance(last, str) or last < first:
            raise NoPattern
        return of_ranges((ord(first), ord(last)))

    def _character(self) -> str | CharacterSet:
        letter = self.pattern[self.at : self.at + 1]
        self.at += 1
        if letter == "\\":
            return self._escaped()
        if letter in ("", "["):
            raise NoPattern
        return letter

    def _written(self, characters: CharacterSet) -> str:
        if self.ignores_case and depends_on_case(characters):
            raise NoPattern
        return written(characters)


def _block(name: str) -> CharacterSet:
    if name not in BLOCKS:
        raise NoPattern
    return of_ranges(BLOCKS[name])


def _of_category(name: str) -> CharacterSet:
    if name in _CATEGORIES:
        return of_category(name)
    special = {"C": _OTHER, "Cn": _UNASSIGNED}.get(name)
    if special is None:
        raise NoPattern
    return special

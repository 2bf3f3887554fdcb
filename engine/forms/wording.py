"""Texts of a form that may hold FEEL: ``=expression`` or places ``{{ expression }}``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar

from engine.errors import Text
from engine.feel import Compiled, Environment, compile_expression

SHOWN_DECIMALS = 6
Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in pieces: literal strings and expressions between them."""

    pieces: tuple[str | Compiled, ...]

    @property
    def static(self) -> str | None:
        """Return the text when it holds no expression."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str)) if not self.reads else None

    @property
    def reads(self) -> frozenset[str]:
        """Return the names its expressions read."""
        return frozenset(name for piece in self.pieces if not isinstance(piece, str) for name in piece.reads)

    def fill(self, scope: Mapping[str, object], environment: Environment, escape: Escape | None = None) -> str:
        """Return the text with every expression's value in its place, escaped if asked."""
        return "".join(
            piece if isinstance(piece, str) else _filled(piece, scope, environment, escape) for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class Caption:
    """A wording in Chinese, optionally with an English one beside it."""

    zh: Wording
    en: Wording
    ready: Text | None

    NONE: ClassVar[Caption]

    def text(self, scope: Mapping[str, object], environment: Environment) -> Text:
        """Return both languages, filled."""
        if self.ready is not None:
            return self.ready
        return Text(self.zh.fill(scope, environment), self.en.fill(scope, environment))

    def wording(self, language: str) -> Wording:
        """Return the wording of one language."""
        return self.en if language.startswith("en") else self.zh

    @property
    def reads(self) -> frozenset[str]:
        """Return the names its expressions read."""
        return self.zh.reads | self.en.reads


def caption(zh: Wording, en: Wording) -> Caption:
    """Return a caption that is ready at once when neither language holds an expression."""
    fixed_zh, fixed_en = zh.static, en.static
    ready = Text(fixed_zh, fixed_en) if fixed_zh is not None and fixed_en is not None else None
    return Caption(zh, en, ready)


Caption.NONE = caption(Wording(()), Wording(()))


def compile_wording(text: str, names: Iterable[str]) -> Wording:
    """Return the compiled text; raises FeelSyntaxError for a bad expression, ValueError for an unknown place."""
    if text.startswith("="):
        return Wording((compile_expression(text, names),))
    pieces: list[str | Compiled] = []
    rest = text
    while "{{" in rest:
        before, _, rest = rest.partition("{{")
        inside, closed, rest = rest.partition("}}")
        if not closed or inside.lstrip()[:1] in ("#", "/", "^", "!", ">", "&", "{"):
            raise ValueError(inside.strip()[:40])
        pieces += [before, compile_expression(inside.strip(), names)]
    return Wording((*pieces, rest))


def shown(value: object) -> str:
    """Return a value as people read it: numbers plain, dates ISO, lists joined."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str():
            return value
        case Decimal():
            return format(value if _is_short(value) else round(value, SHOWN_DECIMALS), "f")
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case list():
            return "、".join(shown(item) for item in value)
        case dict():
            return "、".join(shown(item) for item in value.values())
    return str(value)


def _is_short(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return not isinstance(exponent, int) or exponent >= -SHOWN_DECIMALS


def _filled(piece: Compiled, scope: Mapping[str, object], environment: Environment, escape: Escape | None) -> str:
    text = shown(piece.evaluate(scope, environment).value)
    return escape(text) if escape else text

"""Which language a page speaks, and the catalogue of English sentences; Chinese is written in the sources."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, gettext  # type: ignore[import-untyped]  # ships no types

from engine.errors import Text

LANGUAGES = ("zh", "en")
COOKIE = "language"
CATALOGUE = Path(__file__).parent / "translations" / "en" / "messages.po"


def install(app: Flask, default: str) -> None:
    """Give the application its languages; ``default`` speaks where neither person nor browser asks for another."""
    app.config["BABEL_DEFAULT_LOCALE"] = default
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    babel = Babel(app, locale_selector=language)
    with app.app_context():
        # Read from the text catalogue, so that no compiled file can be older than its source.
        babel.domain_instance.cache["en", "messages"] = english()
        babel.domain_instance.cache["zh", "messages"] = Translations()
    app.jinja_env.globals["language"] = language
    app.jinja_env.filters["said"] = said


@cache
def english(catalogue: Path = CATALOGUE) -> Translations:
    """Return the English sentences."""
    compiled = BytesIO()
    with catalogue.open("rb") as source:
        write_mo(compiled, read_po(source, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """Return ``zh`` or ``en``: what the person chose, else the browser's wish, else the setting."""
    chosen = g.get("language")
    if chosen is None:
        chosen = g.language = _choose()
    return cast(str, chosen)


def _(message: str, **values: object) -> str:
    """Return the sentence of the page in the language of this request, its ``%(name)s`` filled in."""
    return str(gettext(message, **values))


def said(text: Text) -> str:
    """Return the sentence in the language of this request."""
    return text.in_language(language())


def _choose() -> str:
    from_cookie = request.cookies.get(COOKIE)
    if from_cookie in LANGUAGES:
        return from_cookie
    setting = cast(str, current_app.config["BABEL_DEFAULT_LOCALE"])
    return request.accept_languages.best_match(LANGUAGES, default=setting) or setting

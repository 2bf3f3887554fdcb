"""Choices of the reader that a cookie remembers: language and size of the letters."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for

from web import cookies, language

SIZES = ("normal", "large")
SIZE_COOKIE = "size"

choices = Blueprint("choices", __name__)


@choices.get("/language/<code>")
def choose_language(code: str) -> Response:
    """Return to the page one came from, from now on in this language."""
    return _remembered(language.COOKIE, code, language.LANGUAGES)


@choices.get("/size/<size>")
def choose_size(size: str) -> Response:
    """Return to the page one came from, from now on with letters of this size."""
    return _remembered(SIZE_COOKIE, size, SIZES)


def size() -> str:
    """Return ``large`` for 长辈版， else ``normal``."""
    chosen = request.cookies.get(SIZE_COOKIE, "")
    return chosen if chosen in SIZES else "normal"


def local_address(wanted: str, otherwise: str) -> str:
    """Return the wanted address when it is a page of this site, else the other one."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or any(mark in wanted for mark in "\r\n\\"):
        return otherwise
    return wanted


def _remembered(cookie: str, value: str, allowed: tuple[str, ...]) -> Response:
    if value not in allowed:
        abort(404)
    response = make_response(redirect(local_address(request.args.get("next", ""), url_for("citizen.home"))))
    cookies.remember(response, cookie, value)
    return response

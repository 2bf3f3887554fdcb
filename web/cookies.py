"""The cookies of a browser: its session, and the nonce its form tokens are made for."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

from web import csrf

_SESSION = "session"
_NONCE = "form"
_YEAR = 365 * 24 * 3600


def install(app: Flask, *, https: bool) -> None:
    """Name and protect the cookies; ``__Host-`` where the browser would keep them (https)."""
    app.config["COOKIE_PREFIX"] = "__Host-" if https else ""
    app.config["COOKIE_SECURE"] = https
    app.after_request(_give_nonce)
    app.jinja_env.globals["csrf_token"] = form_token


def session_of_request() -> str:
    """Return the session token the browser sent, or nothing."""
    return request.cookies.get(_named(_SESSION), "")


def nonce_of_request() -> str:
    """Return the nonce the browser sent, or nothing."""
    return request.cookies.get(_named(_NONCE), "")


def form_token() -> str:
    """Return the token for the forms of this page."""
    if "nonce_for_forms" not in g:
        g.nonce_for_forms = nonce_of_request() or csrf.new_nonce()
    return csrf.token(current_app.extensions["runtime"].keyring.signing, g.nonce_for_forms)


def begin_session(response: Response, token: str) -> None:
    """Give the browser a session, and a new nonce so that forms from before are void."""
    g.nonce_for_forms = csrf.new_nonce()
    _set(response, _SESSION, token)


def end_session(response: Response) -> None:
    """Take the session and the nonce away."""
    g.nonce_for_forms = csrf.new_nonce()
    response.delete_cookie(_named(_SESSION), path="/", secure=_secure(), httponly=True, samesite="Lax")


def remember(response: Response, name: str, value: str) -> None:
    """Keep a choice of the reader, such as the language, for a year."""
    response.set_cookie(name, value, max_age=_YEAR, path="/", secure=_secure(), httponly=True, samesite="Lax")


def _give_nonce(response: Response) -> Response:
    made = g.get("nonce_for_forms")
    if made and made != nonce_of_request():
        _set(response, _NONCE, made)
    return response


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(_named(name), value, path="/", secure=_secure(), httponly=True, samesite="Lax")


def _named(name: str) -> str:
    return f"{current_app.config['COOKIE_PREFIX']}{name}"


def _secure() -> bool:
    return bool(current_app.config["COOKIE_SECURE"])

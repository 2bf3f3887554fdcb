"""Response headers that every page carries."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

_STATIC_YEAR = "public, max-age=31536000, immutable"


def install(app: Flask, *, https: bool) -> None:
    """Set the headers on every response; ``https`` adds strict transport."""

    def protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = _content_policy()
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), payment=()"
        headers.setdefault("Cache-Control", _STATIC_YEAR if _unchanging() else "no-store")
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    app.after_request(protect)
    app.jinja_env.globals["nonce"] = nonce


def nonce() -> str:
    """Return the value that marks this response's own script and style elements."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value


def _content_policy() -> str:
    own = f"'self' 'nonce-{nonce()}'"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _unchanging() -> bool:
    return request.endpoint == "static" and "/dist/" in request.path

"""Tokens that tie a form to the browser it was given to."""

from __future__ import annotations

import hashlib
import hmac
import secrets

FIELD = "csrf"
HEADER = "X-CSRF-Token"


def new_nonce() -> str:
    """Return an unguessable value for the browser's cookie."""
    return secrets.token_urlsafe(18)


def token(key: bytes, nonce: str) -> str:
    """Return the token that forms of the browser with this nonce carry."""
    return hmac.new(key, b"csrf:" + nonce.encode(), hashlib.sha256).hexdigest()[:40]


def matches(key: bytes, nonce: str, given: str) -> bool:
    """Return whether the token was made for this nonce."""
    return bool(nonce) and hmac.compare_digest(token(key, nonce).encode(), given.encode())

"""A request repeated under its idempotency key gets the first answer and has no second effect."""

from __future__ import annotations

import hashlib

from flask import Response, request

from engine.commands.requests import answered, remember
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.store.transaction import Transaction


def earlier(transaction: Transaction, actor: Actor, key: str | None) -> Response | None:
    """Return what the request was answered before, None for a new one. Raises Conflict for another under its key."""
    known = answered(transaction, actor, key)
    if known is None:
        return None
    if known["request"] != _fingerprint():
        raise Conflict(
            Text(
                "该 Idempotency-Key 已用于另一个请求,请换一个。",
                "Expected the same request under this Idempotency-Key, but it was used for another; take a new one.",
            )
        )
    return Response(known["body"], int(known["status"]), content_type=known["type"])


def keep(transaction: Transaction, actor: Actor, key: str | None, response: Response) -> None:
    """Remember the answer of a new request for its repetitions."""
    if key is not None:
        answer = {
            "request": _fingerprint(), "status": str(response.status_code),
            "body": response.get_data(as_text=True), "type": response.content_type or "",
        }  # fmt: skip
        remember(transaction, actor, key, answer)


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(request.get_data(cache=True))
    return digest.hexdigest()

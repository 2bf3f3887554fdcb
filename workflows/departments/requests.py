"""What a request to the departments brings, and how one is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

Environ = Mapping[str, Any]
DROP_CONNECTION = "departments.drop_connection"
_LONGEST_REQUEST = 65_536


class Refused(Exception):
    """A request that is answered with a status and a body instead of an effect."""

    def __init__(self, status: HTTPStatus, **body: Any) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.body = body


def body_of(environ: Environ) -> Mapping[str, Any]:
    """Return the JSON object a request brings. Raises Refused for anything else."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > _LONGEST_REQUEST:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error="too large")
    try:
        body = json.loads(environ["wsgi.input"].read(int(length)))
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, error="expected JSON") from None
    if not isinstance(body, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, error="expected a JSON object")
    return body


def key_of(environ: Environ) -> str:
    """Return the request's idempotency key. Raises Refused without one."""
    key = str(environ.get("HTTP_IDEMPOTENCY_KEY", ""))
    if not key:
        raise Refused(HTTPStatus.BAD_REQUEST, error="expected an idempotency key")
    return key

"""One JSON request to another department, with a constant idempotency key and a time limit."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_LONGEST_ANSWER = 65_536
_UNPROCESSABLE = 422


class DepartmentError(Exception):
    """A department did not answer, or not in a way that can be relied on; the same request may be tried again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a department said; ``accepted`` is False when it understood the request and refuses it for good."""

    accepted: bool
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Department:
    """Where a department listens, and how many seconds an answer may take."""

    url: str
    seconds: float = 10.0

    def post(self, path: str, key: str, body: Mapping[str, Any]) -> Answer:
        """Return the answer to a request that has one effect however often it is sent with the same key.

        Raises DepartmentError for a connection that fails or is slow, and for an answer that is no decision.
        """
        data = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        try:
            status, text = self._exchange(path, data, headers)
            answer = json.loads(text)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DepartmentError(f"{path}: no usable answer ({type(error).__name__})") from error
        if not isinstance(answer, dict) or status not in (200, _UNPROCESSABLE):
            raise DepartmentError(f"{path}: answered with status {status}")
        return Answer(status == 200, answer)

    def _exchange(self, path: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        place = urlsplit(self.url)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.netloc, timeout=self.seconds)
        try:
            connection.request("POST", place.path.rstrip("/") + path, body=data, headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.read(_LONGEST_ANSWER)
        finally:
            connection.close()

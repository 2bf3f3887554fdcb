"""Every failure of a program's request as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response, request

from engine.errors import Text
from web.language import said

MEDIA_TYPE = "application/problem+json"
PREFIX = "/v2"


def asked_by_program() -> bool:
    """Return whether this request is one of the interface for programs, where no answer is a page."""
    return request.path == PREFIX or request.path.startswith(PREFIX + "/")


def problem(status: int, sentence: Text, **more: Any) -> Response:
    """Return the problem: its status, what was expected and what came, and further members for programs."""
    members = {
        "type": "about:blank", "title": _title(status), "status": status, "detail": said(sentence),
        "instance": request.path, **more,
    }  # fmt: skip
    return Response(msgspec.json.encode(members), status, content_type=MEDIA_TYPE)


def of_status(status: int) -> Response:
    """Return the problem for what HTTP itself refuses, such as an unknown address or a body too large."""
    return problem(status, _SENTENCES.get(status, _REFUSED))


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


_REFUSED = Text("请求没有完成,没有保存任何内容。", "Expected a complete request; nothing was stored.")
_SENTENCES = {
    400: Text("请求不完整,没有保存任何内容。", "Expected a request that can be read; nothing was stored."),
    404: Text(
        "接口没有这个地址,可用的地址见 /v2/openapi.json。",
        "Expected an address of this interface; /v2/openapi.json lists them.",
    ),
    405: Text(
        "这个地址不支持该请求方法,可用的方法见 /v2/openapi.json。",
        "Expected another method at this address; /v2/openapi.json lists them.",
    ),
    413: Text("请求内容超过大小限制,没有保存。", "Expected a smaller body; nothing was stored."),
    415: Text("请求内容类型不支持。", "Expected another content type; /v2/openapi.json names it."),
}

"""Every failure as a page: what happened, what to do, and nothing typed lost."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException

from engine import log
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, Text
from engine.store.transaction import is_outage
from web import problems
from web.language import _, said

OUTAGE = Text(
    "数据库暂时没有应答,这个请求没有完成;请稍后原样再发一次。",
    "Expected the database to answer, but it does not at the moment; send the same request again in a while.",
)
STATUS: Mapping[type[Rejected], int] = {NotFound: 404, Conflict: 409, Forbidden: 403, Invalid: 422}


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(Rejected, rejected)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, unexpected)


def status_of(error: Rejected) -> int:
    """Return the HTTP status of a rejection."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def rejected(error: Rejected) -> Response:
    """Return the page of a rejection: its own sentence and status."""
    if problems.asked_by_program():
        return problems.problem(status_of(error), error.message)
    return _page(status_of(error), said(error.message))


def refused(error: HTTPException) -> Response:
    """Return the page of something HTTP itself refuses, such as an unknown address or a body too large."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    status = error.code or 500
    response = problems.of_status(status) if problems.asked_by_program() else _page(status, _http_sentence(status))
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def unexpected(error: Exception) -> Response:
    """Return a page with an incident number; the log holds the same number and no personal data."""
    number = note(error)
    if problems.asked_by_program() and is_outage(error):
        response = problems.problem(503, OUTAGE, incidentNumber=number)
        response.headers["Retry-After"] = "5"
        return response
    sentence = sentence_of_unexpected(number)
    if problems.asked_by_program():
        return problems.problem(500, Text(sentence, sentence), incidentNumber=number)
    return _page(500, sentence)


def note(error: Exception) -> str:
    """Log where it happened, without the message, which may quote entered data; return the incident number."""
    number = secrets.token_hex(4).upper()
    log.tell(logging.ERROR, "unexpected_error", error, reference=number)
    return number


def sentence_of_unexpected(number: str) -> str:
    """Return what a person reads when something unexpected happened."""
    return _(
        "系统出现意外错误，这一步没有保存。请返回上一页再试一次；仍然不行时，请把编号 %(number)s 告诉管理员。",
        number=number,
    )


def page_of_stale_form() -> Response:
    """Return the page for a form whose token does not belong to this browser."""
    return _page(
        403,
        _("这个表单不是本浏览器刚打开的，没有保存任何内容。请返回上一页，刷新后再提交；您填写的内容仍在上一页中。"),
    )


def page_of_lost_session() -> Response:
    """Return the page for somebody whose session ended while a form was open."""
    return _page(401, _("登录已过期，这一步没有保存。请重新登录后再打开任务；自动保存的草稿仍在。"))


def _page(status: int, sentence: str) -> Response:
    return make_response(render_template("error.html", status=status, title=_title(status), sentence=sentence), status)


def _title(status: int) -> str:
    titles = {
        401: _("请先登录"),
        403: _("不能这样做"),
        404: _("没有找到"),
        405: _("不能这样打开"),
        409: _("别人已先处理"),
        413: _("文件太大"),
        422: _("有内容需要改正"),
        429: _("请稍后再试"),
    }
    return titles.get(status, _("出错了"))


def _http_sentence(status: int) -> str:
    sentences = {
        400: _("请求不完整，没有保存任何内容。请返回上一页再试一次。"),
        404: _("这个地址没有内容，或者您不能查看它。请检查地址，或从首页重新进入。"),
        405: _("这个地址不能直接打开。请从页面上的按钮进入。"),
        413: _("上传的内容超过了大小限制，没有保存。请缩小文件（例如重新拍照）后再上传。"),
    }
    return sentences.get(status, _("请求没有完成，没有保存任何内容。请返回上一页再试一次。"))

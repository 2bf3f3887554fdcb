"""One event for each request: route, status and time, with an id that the answer carries, too; never its address."""

from __future__ import annotations

import logging
import secrets
import time

from flask import Flask, Response, g, request

from engine import log

HEADER = "X-Request-Id"
NO_ROUTE = "none"
# Asked for every few seconds, or in dozens for one page.
UNTOLD = frozenset({"static", "api.health", "api.ready", "api.metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def install(app: Flask) -> None:
    """Tell of every request of the application when it is answered."""

    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)
        g.known = log.within(request=g.request_id)
        g.known.__enter__()

    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        if request.endpoint not in UNTOLD:
            spent = round((time.perf_counter() - g.began) * 1000, 1)
            log.tell(
                logging.INFO, "request_answered", method=method(), route=route(), status=response.status_code, ms=spent
            )
        return response

    def forget(_error: BaseException | None) -> None:
        known = g.pop("known", None)
        if known is not None:
            known.__exit__(None, None, None)

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)


def route() -> str:
    """Return the template of the request's address, in which parameters have names and no values."""
    return request.url_rule.rule if request.url_rule else NO_ROUTE


def method() -> str:
    """Return the request's method; made-up ones, of which there is no end, count as one."""
    return request.method if request.method in _METHODS else "OTHER"

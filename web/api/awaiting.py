"""Waits, for a while, until the process instance that a request created has ended."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from flask import Response

from engine.errors import NotFound, Text
from engine.queries.variables import case_variables
from engine.store import cases
from web import problems
from web.api.activation import seats, seconds
from web.api.caller import has_gone
from web.api.shapes import encode, to_json
from web.context import actor, reading, runtime, tx

LOOK_AGAIN = 0.2


def await_end(body: Any, created: Response) -> Response:
    """Return the answer with the variables at the end, or 504 when that does not come in time: the case goes on."""
    if not body.await_completion or created.status_code != 200:
        return created
    answer: dict[str, Any] = msgspec.json.decode(created.get_data())
    case = int(answer["processInstanceKey"])
    if not _ends_within(case, seconds(body.request_timeout)):
        return problems.problem(504, _GOES_ON, processInstanceKey=str(case))
    variables = reading(lambda: _variables(case, body.fetch_variables))
    return Response(encode({**answer, "variables": variables}), 200, content_type="application/json")


def _ends_within(case: int, wait: float) -> bool:
    until = time.monotonic() + wait
    seated = wait > 0 and seats().acquire(blocking=False)
    try:
        while not reading(lambda: _has_ended(case)):
            left = until - time.monotonic()
            if not seated or left <= 0 or has_gone():
                return False
            time.sleep(min(left, LOOK_AGAIN))
        return True
    finally:
        if seated:
            seats().release()


def _has_ended(case: int) -> bool:
    row = cases.find(tx(), case)
    return row is not None and row.status != "open"


def _variables(case: int, names: list[str]) -> dict[str, Any]:
    try:
        known = case_variables(runtime(), tx(), actor(), case).variables
    except NotFound:
        # Who may start a case need not be allowed to look into it.
        return {}
    return {one.name: to_json(one.value) for one in known if not names or one.name in names}


_GOES_ON = Text(
    "流程实例已创建,但在等待时间内没有办结,仍在继续;请稍后按编号查询。",
    "Expected the process instance to end in time, but it goes on; look at it later by its key.",
)

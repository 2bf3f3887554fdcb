"""What a program reads when it is refused, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, request

from engine.commands.open_incident import open_incident
from engine.commands.record_denial import record_denial
from engine.commands.stop_job import stop_job
from engine.errors import Forbidden, Invalid, ModelError, NotFound, Rejected, Text
from engine.model import SYSTEM, Actor
from engine.store import user_tasks
from engine.store.attempts import Limit, count
from engine.store.transaction import Transaction
from web import errors, problems
from web.context import runtime, visitor
from web.language import said

FAILURES_OF_ADDRESS = Limit("token", most=60, within=timedelta(minutes=10))
NO_TOKEN = Text(
    "请在 Authorization 中带上有效的令牌(Bearer,或 Basic 的密码);令牌由管理员在“接口令牌”中发放。",
    "Expected a valid token in Authorization, as bearer or as the password of basic; administrators hand them out.",
)
TOO_MANY = Text("令牌多次无效,请十分钟后再试。", "Expected a valid token, but too many were not; wait ten minutes.")


def unauthenticated(*, tried: bool) -> Response:
    """Return 401, or 429 to an address that tried too many tokens that are not valid."""
    if tried and not runtime().attempt(_is_one_of_few):
        response = problems.problem(429, TOO_MANY)
        response.headers["Retry-After"] = "600"
        return response
    response = problems.problem(401, NO_TOKEN)
    response.headers["WWW-Authenticate"] = 'Bearer realm="doudi"'
    return response


def _is_one_of_few(transaction: Transaction) -> bool:
    return count(transaction, runtime().keyring, FAILURES_OF_ADDRESS, request.remote_addr or "")


def rejected(error: Rejected) -> Response:
    """Return the problem of a rejection, with a sentence per field where there are some; a denial is audited."""
    person = visitor()
    if person is not None and isinstance(error, Forbidden | NotFound):
        action, asked = request.endpoint or "", request.view_args or {}
        runtime().attempt(lambda transaction: record_denial(transaction, person, action=action, asked=asked))
    if isinstance(error, Invalid):
        fields = {path: said(sentence) for path, sentence in error.fields.items()}
        return problems.problem(400, error.message, **({"fields": fields} if fields else {}))
    return problems.problem(errors.status_of(error), error.message)


def at_fault(fault: ModelError, arguments: Mapping[str, Any]) -> Response:
    """Return the problem of a case that cannot go on: nothing was stored, and operations see an incident."""
    incident = runtime().attempt(lambda transaction: _kept(transaction, visitor() or SYSTEM, fault, arguments))
    sentence = Text(
        f"案件走不下去,这一步没有保存。原因:{fault.message.zh}",
        f"Expected the case to go on, but it cannot, so nothing was stored. {fault.message.en}",
    )
    more = {} if incident is None else {"incidentKey": str(incident)}
    return problems.problem(409, sentence, **more)


def _kept(transaction: Transaction, actor: Actor, fault: ModelError, arguments: Mapping[str, Any]) -> int | None:
    """Return the incident in which the fault is kept; a case that had not begun has none."""
    if "job_key" in arguments:
        return stop_job(runtime(), transaction, actor, job=arguments["job_key"], fault=fault)
    case = arguments.get("process_instance_key")
    if "user_task_key" in arguments:
        task = user_tasks.find(transaction, arguments["user_task_key"])
        case = task.case if task else None
    return None if case is None else open_incident(runtime(), transaction, actor, case=case, fault=fault)

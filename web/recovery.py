"""After something failed: the same page again with a sentence and everything typed, in a transaction of its own."""

from __future__ import annotations

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue

from engine.commands.open_incident import open_incident
from engine.commands.record_denial import record_denial
from engine.errors import Forbidden, Invalid, ModelError, NotFound, Rejected, Text
from engine.model import SYSTEM
from engine.store import user_tasks
from web import errors
from web.context import Again, runtime, transaction_of_request, visitor


def audit_denial(error: Rejected) -> None:
    """Write down that a signed-in person was refused, apart from what was rolled back."""
    person = visitor()
    if person is None or not isinstance(error, Forbidden | NotFound):
        return
    with runtime().write() as transaction:
        record_denial(transaction, person, action=request.endpoint or "", asked=request.view_args or {})


def after_rejection(error: Rejected) -> ResponseReturnValue:
    """Return the page again with the sentence; raises the rejection where there is no page to go back to."""
    page: Again | None = g.pop("again", None)
    if page is None or isinstance(error, NotFound):
        raise error
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    with transaction_of_request():
        return _with_status(page(error.message, fields), errors.status_of(error))


def after_fault(fault: ModelError) -> ResponseReturnValue:
    """Return the page again: the process cannot go on, nothing was stored, and operations see an incident."""
    number = errors.note(fault)
    _keep_incident(fault)
    sentence = Text(
        f"案件走不下去，这一步没有保存，已通知运行维护人员（编号 {number}）。原因：{fault.message.zh}",
        f"The case cannot go on, so this step was not saved; operations were told (number {number}). {fault.message.en}",
    )
    page: Again | None = g.pop("again", None)
    if page is None:
        raise fault
    with transaction_of_request():
        return _with_status(page(sentence, {}), 500)


def after_accident(error: Exception) -> ResponseReturnValue:
    """Return the page again with an incident number; raises the error where there is no page to go back to."""
    page: Again | None = g.pop("again", None)
    if page is None:
        raise error
    sentence = errors.sentence_of_unexpected(errors.note(error))
    try:
        with transaction_of_request():
            return _with_status(page(Text(sentence, sentence), {}), 500)
    except Exception as second:
        # The database itself may be away: then the page that needs none is all there is.
        raise error from second


def _keep_incident(fault: ModelError) -> None:
    arguments = request.view_args or {}
    with runtime().write() as transaction:
        task = user_tasks.find(transaction, arguments["task"]) if "task" in arguments else None
        case = task.case if task else arguments.get("case")
        if case is not None:
            open_incident(runtime(), transaction, visitor() or SYSTEM, case=case, fault=fault)


def _with_status(page: ResponseReturnValue, status: int) -> Response:
    response = current_app.make_response(page)
    response.status_code = status
    return response

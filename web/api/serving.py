"""One request of a program: read it, open one transaction, find who asks, check, call the view, answer."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from engine.access import may_anywhere
from engine.commands.note_token_use import note_token_use
from engine.errors import Forbidden, Invalid, ModelError, Rejected, Text
from engine.queries.tokens import SignedInProgram, program
from web.api import reading, refusing, repeating
from web.api.operation import SIGNED_IN, Operation
from web.api.shapes import encode
from web.context import reading as looking
from web.context import runtime, tx, writing

NOT_YOURS = Text(
    "该令牌没有这项权限。需要时请联系管理员调整岗位。",
    "Expected a token whose roles may do this; ask an administrator for one.",
)


class NoToken(Exception):
    """The request carries no token, or none that is valid."""


def serve(operation: Operation, **arguments: Any) -> Response:
    """Return the answer of an operation, or the problem that tells why there is none."""
    try:
        if not reading.read_secret():
            raise NoToken
        body = _body(operation)
        if body is not None:
            arguments["body"] = body
        return _alone(operation, arguments) if operation.alone else _in_one_transaction(operation, arguments)
    except NoToken:
        return refusing.unauthenticated(tried=bool(reading.read_secret()))
    except HTTPException:
        raise
    except Rejected as error:
        return refusing.rejected(error)
    except ModelError as fault:
        return refusing.at_fault(fault, arguments)


def _body(operation: Operation) -> msgspec.Struct | None:
    try:
        return reading.read_body(operation)
    except (Invalid, HTTPException):
        # What is wrong with a body is told to those alone who may send one.
        looking(lambda: sign_in(operation))
        raise


def _in_one_transaction(operation: Operation, arguments: dict[str, Any]) -> Response:
    key = reading.read_idempotency_key() if operation.repeatable else None
    if operation.writes:
        response = writing(lambda: _answered(operation, key, arguments))
        return response if operation.after is None else operation.after(arguments.get("body"), response)
    response = looking(lambda: _answered(operation, key, arguments))
    _note_use()
    return response


def _answered(operation: Operation, key: str | None, arguments: dict[str, Any]) -> Response:
    known = sign_in(operation)
    if known.note_use and operation.writes:
        note_token_use(tx(), token=known.token)
    response = repeating.earlier(tx(), known.actor, key)
    if response is None:
        response = answer(operation, operation.view(**arguments))
        repeating.keep(tx(), known.actor, key, response)
    return response


def _alone(operation: Operation, arguments: dict[str, Any]) -> Response:
    looking(lambda: sign_in(operation))
    _note_use()
    return answer(operation, operation.view(**arguments))


def _note_use() -> None:
    known: SignedInProgram = g.program
    if known.note_use:
        runtime().attempt(lambda transaction: note_token_use(transaction, token=known.token))


def sign_in(operation: Operation) -> SignedInProgram:
    """Return who asks. Raises NoToken without a valid token, Forbidden without the right to this operation."""
    secret = reading.read_secret()
    known = program(tx(), secret, request.remote_addr or "") if secret else None
    if known is None:
        raise NoToken
    g.actor, g.program = known.actor, known
    g.roles = runtime().published(tx()).roles
    if operation.needs != SIGNED_IN and not may_anywhere(g.roles, known.actor, operation.needs):
        raise Forbidden(NOT_YOURS)
    return known


def answer(operation: Operation, given: Any) -> Response:
    """Return what a view gave as the response the interface describes."""
    if isinstance(given, Response):
        return given
    if given is None:
        return Response(status=204)
    if isinstance(operation.answer, str):
        return Response(given, 200, content_type=f"{operation.answer}; charset=utf-8")
    return Response(encode(given), 200, content_type="application/json")

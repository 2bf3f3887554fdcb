"""One request: check the token, open one transaction, find who asks, check the permission, call the view."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from engine.access import may_anywhere
from engine.commands.record_denial import record_denial
from engine.errors import Forbidden, Invalid, NotFound, Rejected, Text
from engine.queries.session import signed_in
from engine.store.transaction import Transaction
from web import cookies, csrf, errors, language
from web.context import Again, runtime, tx, visitor
from web.permissions import PERMISSIONS, PUBLIC, SIGNED_IN

WITHOUT_TRANSACTION = frozenset(
    {"static", "api.health", "citizen.manifest", "choices.choose_language", "choices.choose_size"}
)
NOT_YOURS = Text(
    "您的角色不能使用这个页面。需要时请联系管理员调整角色。",
    "Your role cannot use this page. Ask an administrator if you need it.",
)


class Application(Flask):
    """Flask with one transaction around every view."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Return the view's answer, or the page that tells why there is none."""
        if request.routing_exception is not None or request.endpoint in WITHOUT_TRANSACTION:
            return super().dispatch_request()
        needed = PERMISSIONS.get(request.endpoint or "")
        if needed is None:
            abort(404)
        _check_token()
        try:
            with _transaction():
                return _allowed(needed) or super().dispatch_request()
        except HTTPException:
            raise
        except Rejected as error:
            _audit_denial(error)
            return _again(error)
        except Exception as error:
            return _again_after_accident(error)


def _check_token() -> None:
    if request.method != "POST":
        return
    # Reading the form here keeps a slow upload from holding the write transaction open.
    given = request.form.get(csrf.FIELD) or request.headers.get(csrf.HEADER, "")
    if not csrf.matches(runtime().keyring.signing, cookies.nonce_of_request(), given):
        abort(403, response=errors.page_of_stale_form())


def _transaction() -> AbstractContextManager[Transaction]:
    return _Opened(runtime().write() if request.method == "POST" else runtime().read())


class _Opened(AbstractContextManager[Transaction]):
    """A transaction that the views of this request find in ``web.context.tx``."""

    def __init__(self, inner: AbstractContextManager[Transaction]) -> None:
        self._inner = inner

    def __enter__(self) -> Transaction:
        g.tx = self._inner.__enter__()
        return tx()

    def __exit__(self, *problem: object) -> bool | None:
        return self._inner.__exit__(*problem)  # type: ignore[arg-type]  # the three values arrive as given


def _allowed(needed: str) -> ResponseReturnValue | None:
    token = cookies.session_of_request()
    found = signed_in(tx(), token, request.remote_addr or "") if token else None
    g.actor = found.actor if found else None
    if found and found.language and language.COOKIE not in request.cookies:
        g.language = found.language
    # Kept for the menu, which error pages draw after the transaction has ended.
    g.roles = runtime().published(tx()).roles
    if needed == PUBLIC:
        return None
    person = visitor()
    if person is None:
        return _to_sign_in()
    if needed != SIGNED_IN and not may_anywhere(g.roles, person, needed):
        raise Forbidden(NOT_YOURS)
    return None


def _to_sign_in() -> ResponseReturnValue:
    if request.method != "GET":
        abort(401, response=errors.page_of_lost_session())
    return redirect(url_for("auth.sign_in_page", next=request.full_path.rstrip("?")))


def _audit_denial(error: Rejected) -> None:
    person = visitor()
    if person is None or not isinstance(error, Forbidden | NotFound):
        return
    subject = ",".join(f"{name}={value}" for name, value in (request.view_args or {}).items())
    with runtime().write() as transaction:
        record_denial(transaction, person, action=request.endpoint or "", subject=subject)


def _again(error: Rejected) -> ResponseReturnValue:
    page: Again | None = g.pop("again", None)
    if page is None or isinstance(error, NotFound):
        raise error
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    with _transaction():
        return _with_status(page(error.message, fields), errors.status_of(error))


def _again_after_accident(error: Exception) -> ResponseReturnValue:
    page: Again | None = g.pop("again", None)
    if page is None:
        raise error
    number = errors.note(error)
    sentence = errors.sentence_of_unexpected(number)
    try:
        with _transaction():
            return _with_status(page(Text(sentence, sentence), {}), 500)
    except Exception as second:
        # The database itself may be away: then the page that needs none is all there is.
        raise error from second


def _with_status(page: ResponseReturnValue, status: int) -> Response:
    response = current_app.make_response(page)
    response.status_code = status
    return response

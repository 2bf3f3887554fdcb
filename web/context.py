"""What a view may reach for: the runtime, this request's one transaction, and who asks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar, cast

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from engine.access import Scope, scope
from engine.commands.record_opening import record_opening
from engine.errors import Text
from engine.model import Actor

if TYPE_CHECKING:
    from engine.runtime import Runtime
    from engine.store.transaction import Transaction

Kept = TypeVar("Kept")
Again = Callable[[Text, "dict[str, Text]"], ResponseReturnValue]


def runtime() -> Runtime:
    """Return the running installation."""
    return cast("Runtime", current_app.extensions["runtime"])


def tx() -> Transaction:
    """Return the transaction of this request: it commits when the view returned, and rolls back when it raised."""
    return cast("Transaction", g.tx)


def visitor() -> Actor | None:
    """Return the signed-in person, or None."""
    return cast("Actor | None", g.get("actor"))


def actor() -> Actor:
    """Return the signed-in person, else a citizen without an account."""
    return visitor() or citizen()


def reach_of(action: str) -> Scope:
    """Return the part of the city in which the person may do the action."""
    return scope(runtime().published(tx()).roles, actor(), action)


def citizen() -> Actor:
    """Return the actor that stands for somebody without an account."""
    return Actor(person=None, name="citizen", channel="web", address=request.remote_addr or "")


def on_failure(again: Again) -> None:
    """Show this page again, with the sentence and what was typed, when the command refuses or fails."""
    g.again = again


def in_transaction(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Return the view's answer from inside the request's one transaction, committed for POST.

    The view is called anew when the database made a POST give way to another request; nothing of it was stored.
    """
    return writing(view) if request.method == "POST" else reading(view)


def writing(view: Callable[[], Kept]) -> Kept:
    """Return what is done inside a transaction that commits; it is done anew when the database made it give way."""
    return runtime().attempt(partial(_anew, view))


def reading(look: Callable[[], Kept]) -> Kept:
    """Return what is found inside a transaction that only reads."""
    with _Opened(runtime().read()) as transaction:
        found = look()
    # Nobody sees a restricted file before it is written down that they did.
    if transaction.opened_cases:
        runtime().attempt(partial(_write_opened, transaction.opened_cases))
    return found


def _anew(view: Callable[[], Kept], transaction: Transaction) -> Kept:
    g.tx = transaction
    for sent in chain.from_iterable(request.files.listvalues()):
        sent.seek(0)
    done = view()
    if transaction.opened_cases:
        _write_opened(transaction.opened_cases, transaction)
    return done


def _write_opened(cases: set[int], transaction: Transaction) -> None:
    record_opening(transaction, actor(), cases, action=request.endpoint or "")


def transaction_of_request() -> AbstractContextManager[Transaction]:
    """Return the transaction of this request, which views find in ``tx``: writing for POST, else reading."""
    return _Opened(runtime().write() if request.method == "POST" else runtime().read())


class _Opened(AbstractContextManager["Transaction"]):
    def __init__(self, inner: AbstractContextManager[Transaction]) -> None:
        self._inner = inner

    def __enter__(self) -> Transaction:
        g.tx = self._inner.__enter__()
        return tx()

    def __exit__(self, *problem: object) -> bool | None:
        return self._inner.__exit__(*problem)  # type: ignore[arg-type]  # the three values arrive as given

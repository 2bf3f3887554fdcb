"""Tells an open case what somebody heard from the people it is about: a message that waits there, entered by a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.follow_up import follow_up
from engine.commands.forms import submitted
from engine.commands.publication import Publication
from engine.commands.receive import receive
from engine.commands.requests import answered, remember
from engine.commands.suspension import check_running
from engine.commands.work import open_work
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.telling import telling
from engine.runtime.visibility import may_with_case
from engine.store import cases
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ToldCase:
    """The case that was told, and what."""

    case: int
    message: str


def tell_case(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    case: int,
    message: str,
    values: Mapping[str, Any],
    idempotency_key: str | None = None,
) -> ToldCase:
    """Return what was told; ``values`` are the raw values of the form that the message's event names.

    A repeated ``idempotency_key`` tells nothing again. Raises NotFound where the person may not tell it or the case
    does not wait for it any more, Conflict while the case is suspended, Invalid with a sentence per field, ModelError
    when the case cannot go on.
    """
    if answered(transaction, actor, idempotency_key) is not None:
        return ToldCase(case, message)
    locked = cases.lock(transaction, case)
    if locked is None or not may_with_case(runtime, transaction, actor, "see_case", locked.row):
        raise unknown_case()
    check_running(transaction, locked.row)
    work = open_work(runtime, transaction, actor, locked)
    told = telling(transaction, actor, work.opened, message)
    seen = work.run.view(told.waiting.token)
    accepted = submitted(runtime, transaction, told.form, values, seen, locked.row.region, {})
    follow_up(receive(runtime, transaction, actor, locked, told.waiting, Publication(message, variables=accepted)))
    remember(transaction, actor, idempotency_key, {"case": str(case), "message": message})
    return ToldCase(case, message)

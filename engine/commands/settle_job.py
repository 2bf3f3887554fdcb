"""Settles one try of a job that this product ran itself: its answer, its business error, or its failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.jobs import finish, give_up, next_pause, throw
from engine.commands.work import open_work
from engine.errors import BpmnError, ModelError, Text
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import jobs
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction

Outcome = Mapping[str, Any] | BpmnError | ModelError


def settle_job(runtime: Runtime, transaction: Transaction, *, job: int, tries: int, outcome: Outcome) -> bool:
    """Return whether this try was settled now; a replayed or outdated one changes nothing.

    A failure leads to another try later, or to an incident when the tries are used up; a timer's step asks nobody
    outside, so that trying it again unchanged cannot help. Raises ModelError when the case cannot go on.
    """
    found = jobs.lock(transaction, job)
    if found is None:
        return False
    row, locked = found
    if not row.pending or row.tries != tries:
        return False
    if isinstance(outcome, ModelError):
        _fail(runtime, transaction, row, outcome)
        return True
    work = open_work(runtime, transaction, SYSTEM, locked)
    if isinstance(outcome, BpmnError):
        throw(work, row, outcome)
    else:
        finish(work, row, outcome)
    return True


def _fail(runtime: Runtime, transaction: Transaction, row: JobRow, fault: ModelError) -> None:
    used = row.tries + 1
    if used >= row.retries or row.kind == jobs.TIMER:
        give_up(runtime, transaction, SYSTEM, row, used, fault)
        return
    due = transaction.now + next_pause(used)
    jobs.retry_at(transaction, row.key, used, due, row.ready, fault.message.en[:2000])


def as_fault(error: Exception, element: str | None = None) -> ModelError:
    """Return what went wrong as a fault with a sentence; texts of foreign errors may hold personal data and are cut."""
    if isinstance(error, ModelError):
        return error
    name = type(error).__name__
    return ModelError(
        Text(
            f"外部服务没有正常应答({name})。",
            f"Expected an answer of the service, but it failed ({name}).",
        ),
        element,
    )

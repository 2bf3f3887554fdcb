"""Settles a failed try: another later, or an incident when the tries are used up."""

from __future__ import annotations

import random
from datetime import timedelta

from engine.commands.open_incident import open_incident
from engine.errors import ModelError, Text
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import jobs
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction

FIRST_PAUSE = timedelta(seconds=60)
GROWTH = 4
_jitter = random.Random()  # noqa: S311  # spreads load, protects nothing


def fail_job(runtime: Runtime, transaction: Transaction, *, job: int, tries: int, fault: ModelError) -> bool:
    """Return whether this try was settled now; a replayed one changes nothing.

    The n-th pause is 60 s x 4^(n-1), give or take a fifth. A timer that fails has a model fault and becomes an
    incident at once after its tries like any other job.
    """
    found = jobs.lock(transaction, job)
    if found is None:
        return False
    row, _ = found
    if row.status not in (jobs.QUEUED, jobs.WAITING) or row.tries != tries:
        return False
    used = row.tries + 1
    if used < row.retries and not _hopeless(row):
        due = transaction.now + FIRST_PAUSE * GROWTH ** (used - 1) * _jitter.uniform(0.8, 1.2)
        jobs.retry_at(transaction, row.key, used, due, jobs.WAITING, fault.message.en[:2000])
        return True
    jobs.retry_at(transaction, row.key, used, row.due_at, jobs.INCIDENT, fault.message.en[:2000])
    located = ModelError(fault.message, fault.element or row.element)
    open_incident(runtime, transaction, SYSTEM, case=row.case, fault=located, job=row.key, kind=row.kind, tries=used)
    return True


def _hopeless(row: JobRow) -> bool:
    """A timer's step runs no outside call: trying again unchanged cannot help."""
    return row.kind == "timer"


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

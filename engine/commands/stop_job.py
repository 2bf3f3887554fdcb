"""Turns a job whose answer the case could not take into an incident, so that no worker is given it again."""

from __future__ import annotations

from engine.commands.jobs import give_up, hold_job
from engine.errors import ModelError
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction


def stop_job(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, job: int, fault: ModelError, lease: int | None = None
) -> int:
    """Return the key of the incident; call it after the transaction that raised the fault was thrown away.

    Raises NotFound, and Conflict when the job is not the worker's any more.
    """
    row, _ = hold_job(runtime, transaction, actor, job, lease)
    return give_up(runtime, transaction, actor, row, row.tries + 1, fault)

"""Takes the answer of an outside worker into its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.jobs import finish, hold_job
from engine.commands.work import open_work
from engine.commands.worker_values import accepted
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CompletedJob:
    """The job that was completed, and its case."""

    job: int
    case: int


def complete_job(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    job: int,
    values: Mapping[str, Any],
    lease: int | None = None,
) -> CompletedJob:
    """Return the completed job; ``values`` are the variables it answers with.

    Raises NotFound for a job the actor does not serve, Conflict naming who holds it now or what became of it,
    Invalid for names that are not the worker's to write; ModelError when the case cannot go on: the transaction
    is thrown away, and ``stop_job`` in the next one keeps the fault as an incident.
    """
    row, locked = hold_job(runtime, transaction, actor, job, lease)
    given = accepted(values)
    finish(open_work(runtime, transaction, actor, locked), row, given)
    return CompletedJob(row.key, row.case)

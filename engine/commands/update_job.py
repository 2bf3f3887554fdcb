"""Changes a job while its worker is at it: more time (a heart-beat), or another number of tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.activate_jobs import LONGEST
from engine.commands.fail_job import MOST_TRIES
from engine.commands.jobs import hold_job
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import offers
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class UpdatedJob:
    """The job as it is now."""

    job: int
    case: int
    deadline: datetime
    retries: int


def update_job(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    job: int,
    timeout: timedelta | None = None,
    retries: int | None = None,
    lease: int | None = None,
) -> UpdatedJob:
    """Return the job, held until ``timeout`` from now and with so many tries left; None leaves either as it is.

    Raises NotFound, Conflict (naming who holds the job), Invalid out of bounds.
    """
    if timeout is not None and not timedelta(seconds=1) <= timeout <= LONGEST:
        message = Text("占用时间应在 1 秒到 1 天之间。", "Expected a timeout between one second and one day.")
        raise Invalid(message, {"timeout": message})
    if retries is not None and not 1 <= retries <= MOST_TRIES:
        message = Text(f"剩余次数应在 1 到 {MOST_TRIES} 之间。", f"Expected between 1 and {MOST_TRIES} tries.")
        raise Invalid(message, {"retries": message})
    row, _ = hold_job(runtime, transaction, actor, job, lease)
    until = row.due_at
    if timeout is not None:
        until = transaction.now + timeout
        offers.extend(transaction, row.key, until)
    if retries is not None:
        offers.set_tries_left(transaction, row.key, retries)
    left = row.retries - row.tries if retries is None else retries
    return UpdatedJob(row.key, row.case, until, left)

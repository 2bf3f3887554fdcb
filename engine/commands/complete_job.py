"""Takes the answer of a remote service into its case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.step import take_step
from engine.commands.work import Work, digest, open_work
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store import jobs
from engine.store.audit import Entry
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction
from engine.store.values import pack


def complete_job(
    runtime: Runtime,
    transaction: Transaction,
    *,
    job: int,
    tries: int,
    values: Mapping[str, Any],
    actor: Actor = SYSTEM,
) -> bool:
    """Return whether the answer moved the case; a second answer to the same try changes nothing.

    Raises ModelError when the case cannot go on.
    """
    opened = open_job(runtime, transaction, actor, job, tries)
    if opened is None:
        return False
    row, work = opened
    work.run.job_done(row.token, values)
    entry = Entry("complete_job", f"job:{row.key}:{row.element}", details={"values": digest(pack(dict(values)))})
    take_step(work, entry)
    return True


def open_job(
    runtime: Runtime, transaction: Transaction, actor: Actor, job: int, tries: int
) -> tuple[JobRow, Work] | None:
    """Return the job marked done with its case opened, or None when this try was settled before."""
    found = jobs.lock(transaction, job)
    if found is None:
        return None
    row, locked = found
    if row.status not in (jobs.QUEUED, jobs.WAITING) or row.tries != tries:
        return None
    jobs.set_status(transaction, [{"key_": row.key, "status": jobs.DONE}])
    work = open_work(runtime, transaction, actor, locked)
    return row, work

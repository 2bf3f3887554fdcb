"""Lets an operator complete a failed activity with values found out in another way, and the case goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.failed_job import lock_failed
from engine.commands.operations import required_reason
from engine.commands.step import take_step
from engine.commands.work import digest, open_work
from engine.commands.worker_values import accepted
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import incidents, jobs
from engine.store.audit import Entry
from engine.store.transaction import Transaction
from engine.store.values import pack


def skip_activity(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, incident: int, values: Mapping[str, Any], reason: str
) -> None:
    """Complete the activity as if its service had answered with the values; the service is not asked again.

    Raises NotFound, Forbidden, Conflict (resolved before, suspended, no service failed), Invalid without a reason or
    with a name that belongs to the engine; ModelError when the case cannot go on with these values.
    """
    failed = lock_failed(runtime, transaction, actor, incident)
    given, answer = required_reason(reason), accepted(values)
    work = open_work(runtime, transaction, actor, failed.locked)
    jobs.set_status(transaction, [{"key_": failed.job.key, "status": jobs.DONE}])
    incidents.resolve(transaction, failed.incident.key, actor.name, given)
    work.run.job_done(failed.job.token, answer)
    details = {"reason": given, "incident": str(failed.incident.key), "values": digest(pack(dict(answer)))}
    take_step(work, Entry("skip_activity", f"job:{failed.job.key}:{failed.job.element}", details=details))

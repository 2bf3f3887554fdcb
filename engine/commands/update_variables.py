"""Lets an operator correct variables of a case whose activity failed, and tries again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.failed_job import check_open, visible_incident
from engine.commands.operations import lock_for_repair, required_reason
from engine.commands.resolve_incident import resolve_incident
from engine.commands.step import take_step
from engine.commands.suspension import check_running
from engine.commands.work import digest, open_work
from engine.commands.worker_values import accepted
from engine.errors import Conflict, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import incidents, jobs
from engine.store.audit import Entry
from engine.store.transaction import Transaction
from engine.store.values import pack


def update_variables(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, incident: int, values: Mapping[str, Any], reason: str
) -> None:
    """Write the values to the case of the incident and retry what failed; who answers the job next sees them too.

    Raises NotFound, Forbidden, Conflict (resolved before, suspended, no case), Invalid without a reason, without values
    or with a name that belongs to the engine; ModelError when a condition that holds now leads the case nowhere.
    """
    row = visible_incident(runtime, transaction, actor, incident)
    if row.case is None:
        raise Conflict(Text("案件没有开始,没有可改的数据。", "Expected a case, but it could not begin; nothing can be set."))
    locked = lock_for_repair(runtime, transaction, actor, row.case)
    check_open(incidents.find(transaction, incident) or row)
    check_running(transaction, locked.row)
    given, answer = required_reason(reason), accepted(values)
    if not answer:
        message = Text("请填写要改的数据。", "Expected the variables to set; give at least one.")
        raise Invalid(message, {"values": message})
    job = jobs.find(transaction, row.job) if row.job is not None else None
    if job is not None and job.kind != jobs.TIMER:
        jobs.add_to_payload(transaction, runtime.keyring, job, answer)
    work = open_work(runtime, transaction, actor, locked)
    work.run.write(answer)
    details = {"reason": given, "incident": str(incident), "values": digest(pack(dict(answer)))}
    take_step(work, Entry("update_variables", f"case:{row.case}", details=details))
    still = incidents.find(transaction, incident)
    if still is not None and still.resolved_at is None:
        resolve_incident(runtime, transaction, actor, incident=incident, reason=given)

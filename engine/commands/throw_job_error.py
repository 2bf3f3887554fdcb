"""Takes a business error of a remote service into its case."""

from __future__ import annotations

from engine.commands.complete_job import open_job
from engine.commands.step import take_step
from engine.errors import BpmnError
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store.audit import Entry
from engine.store.transaction import Transaction


def throw_job_error(
    runtime: Runtime, transaction: Transaction, *, job: int, tries: int, error: BpmnError, actor: Actor = SYSTEM
) -> bool:
    """Return whether the error moved the case. Raises ModelError when nothing catches it."""
    opened = open_job(runtime, transaction, actor, job, tries)
    if opened is None:
        return False
    row, work = opened
    work.run.job_error(row.token, error.code, error.values)
    take_step(work, Entry("throw_job_error", f"job:{row.key}:{row.element}", details={"code": error.code}))
    return True

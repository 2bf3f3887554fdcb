"""Takes a business error of an outside worker into its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.jobs import hold_job, throw
from engine.commands.work import open_work
from engine.commands.worker_values import accepted
from engine.errors import BpmnError, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ThrownJobError:
    """The job that ended with an error; ``caught`` is False when the error became an incident."""

    job: int
    case: int
    caught: bool


def throw_job_error(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    job: int,
    code: str,
    values: Mapping[str, Any] | None = None,
    lease: int | None = None,
) -> ThrownJobError:
    """Return the job whose error climbed to the event that catches its code, or became an incident.

    Raises NotFound, Conflict (naming who holds the job), Invalid without a code; ModelError when the case cannot
    go on after the error was caught.
    """
    if not code.strip() or len(code) > 200:
        message = Text("请给出错误代码(200 字以内)。", "Expected an error code of at most 200 characters.")
        raise Invalid(message, {"errorCode": message})
    row, locked = hold_job(runtime, transaction, actor, job, lease)
    error = BpmnError(code, accepted(values or {}))
    caught = throw(open_work(runtime, transaction, actor, locked), row, error)
    return ThrownJobError(row.key, row.case, caught)

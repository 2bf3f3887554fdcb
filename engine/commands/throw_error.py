"""Lets an operator end a failed activity with a BPMN error, so that the case takes the path drawn for it."""

from __future__ import annotations

from engine.commands.failed_job import lock_failed
from engine.commands.operations import required_reason
from engine.commands.step import take_step
from engine.commands.work import Work, open_work
from engine.errors import Conflict, Invalid, ModelError, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import incidents, jobs
from engine.store.audit import Entry
from engine.store.transaction import Transaction

LONGEST_CODE = 200


def throw_error(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, incident: int, code: str, reason: str
) -> None:
    """End the activity with the error; it climbs to the event that catches its code (BPMN 2.0, 10.5.7).

    Raises NotFound, Forbidden, Conflict (resolved before, suspended, no service failed, nothing catches the code),
    Invalid without a code or a reason; ModelError when the case cannot go on after the error was caught.
    """
    failed = lock_failed(runtime, transaction, actor, incident)
    given, thrown = required_reason(reason), _required_code(code)
    work = open_work(runtime, transaction, actor, failed.locked)
    jobs.set_status(transaction, [{"key_": failed.job.key, "status": jobs.DONE}])
    incidents.resolve(transaction, failed.incident.key, actor.name, given)
    _climb(work, failed.job.token, thrown)
    details = {"reason": given, "incident": str(failed.incident.key), "code": thrown}
    take_step(work, Entry("throw_error", f"job:{failed.job.key}:{failed.job.element}", details=details))


def _required_code(code: str) -> str:
    thrown = code.strip()
    if not thrown or len(thrown) > LONGEST_CODE:
        message = Text(
            f"请给出错误代码({LONGEST_CODE} 字以内)。", f"Expected an error code of at most {LONGEST_CODE} characters."
        )
        raise Invalid(message, {"code": message})
    return thrown


def _climb(work: Work, token: int, code: str) -> None:
    try:
        work.run.job_error(token, code, {})
    except ModelError as fault:
        # Who repairs chose a code that nothing catches: that is no further fault of the case.
        raise Conflict(fault.message) from fault

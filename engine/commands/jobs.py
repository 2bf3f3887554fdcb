"""What the verbs on jobs have in common: who holds one, and how its answer, error or failure is written."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.access import Subject, in_region, reads, serving
from engine.commands.open_incident import open_incident
from engine.commands.step import take_step
from engine.commands.suspension import check_running
from engine.commands.work import Work, digest
from engine.errors import BpmnError, Conflict, ModelError, NotFound, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import jobs, readers
from engine.store.audit import Entry
from engine.store.cases import LockedCase
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction
from engine.store.values import pack

FIRST_PAUSE = timedelta(seconds=60)
GROWTH = 4
_jitter = random.Random()  # noqa: S311  # spreads load, protects nothing


def next_pause(used: int) -> timedelta:
    """Return how long to wait after so many failed tries: 60 s x 4^(n-1), give or take a fifth."""
    return FIRST_PAUSE * float(GROWTH ** (used - 1)) * _jitter.uniform(0.8, 1.2)


def hold_job(
    runtime: Runtime, transaction: Transaction, actor: Actor, key: int, lease: int | None
) -> tuple[JobRow, LockedCase]:
    """Return the job that the actor's worker holds, with its case, both locked.

    An expired lock still counts as long as nobody else took the job. ``lease`` is the one of the activation; None
    lets any worker with the same token answer. Raises NotFound when the job is not the actor's to serve, Conflict
    naming the state of the job or who holds it.
    """
    found = jobs.lock(transaction, key)
    if found is None or not _serves(runtime, transaction, actor, found[0]):
        raise unknown_job()
    row, locked = found
    check_running(transaction, locked.row)
    _check_offered(row)
    if row.worker is None:
        raise Conflict(
            Text("该作业尚未领取,请先领取再提交。", "Expected a job that you activated, but it is held by nobody; activate it first.")
        )  # fmt: skip
    # Nodes of the version before wrote down the person.
    if row.holder not in (holder_of(actor), actor.person) or (lease is not None and lease != row.lease):
        raise Conflict(_taken(row, transaction))
    return row, locked


def holder_of(actor: Actor) -> int | None:
    """Return what a job is held by: the token of the program, not the name its worker gives itself."""
    return actor.person if actor.token is None else actor.token


def finish(work: Work, row: JobRow, values: Mapping[str, Any]) -> None:
    """Give the answer to the token that waits for it, and take the step; raises ModelError."""
    jobs.set_status(work.transaction, [{"key_": row.key, "status": jobs.DONE}])
    work.run.job_done(row.token, values)
    entry = Entry("complete_job", f"job:{row.key}:{row.element}", details={"values": digest(pack(dict(values)))})
    take_step(work, entry)


def throw(work: Work, row: JobRow, error: BpmnError) -> bool:
    """Return whether something caught the business error; one that nothing catches is an incident of the job."""
    try:
        work.run.job_error(row.token, error.code, error.values)
    except ModelError as fault:
        give_up(work.runtime, work.transaction, work.actor, row, row.tries + 1, fault)
        return False
    jobs.set_status(work.transaction, [{"key_": row.key, "status": jobs.DONE}])
    take_step(work, Entry("throw_job_error", f"job:{row.key}:{row.element}", details={"code": error.code}))
    return True


def give_up(
    runtime: Runtime, transaction: Transaction, actor: Actor, row: JobRow, tries: int, fault: ModelError
) -> int:
    """Return the key of the incident into which the job turns."""
    jobs.retry_at(transaction, row.key, tries, row.due_at, jobs.INCIDENT, fault.message.en[:2000])
    located = ModelError(fault.message, fault.element or row.element)
    kind = jobs.TIMER if row.kind == jobs.TIMER else jobs.SERVICE
    return open_incident(runtime, transaction, actor, case=row.case, fault=located, job=row.key, kind=kind, tries=tries)


def unknown_job() -> NotFound:
    """Return the rejection for a job that does not exist for this worker."""
    return NotFound(Text("没有找到这项作业。", "Expected a job you may serve, but there is none here."))


def _serves(runtime: Runtime, transaction: Transaction, actor: Actor, row: JobRow) -> bool:
    reach = serving(runtime.published(transaction).roles, actor, row.type)
    subject = readers.subject_within(transaction, row.case, Subject(row.region))
    return row.kind == jobs.WORKER and in_region(reach, actor, subject) and reads(reach, subject)


def _check_offered(row: JobRow) -> None:
    if row.status == jobs.INCIDENT:
        raise Conflict(
            Text(
                "该作业已转为异常,须由运行维护人员处理后才能再办。",
                "Expected an open job, but it became an incident; operations have to let it be tried again.",
            )
        )
    if row.status != jobs.OFFERED:
        raise Conflict(
            Text(
                "该作业已有结果或已取消,无需再提交。", "Expected an open job, but it was answered or cancelled before."
            )
        )


def _taken(row: JobRow, transaction: Transaction) -> Text:
    if row.due_at > transaction.now:
        return Text(
            f"您对该作业的占用已过期,现由“{row.worker}”办理,至 {row.due_at:%Y-%m-%d %H:%M:%S}。",
            f"Expected you to hold the job, but your lock ended and “{row.worker}” has it until "
            f"{row.due_at:%Y-%m-%d %H:%M:%S}.",
        )
    return Text(
        f"您未占用该作业,它最后由“{row.worker}”领取;请重新领取。",
        f"Expected you to hold the job, but “{row.worker}” had it last; activate it again.",
    )

"""Hands jobs of one service type to an outside worker, for a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.access import serving
from engine.commands.jobs import holder_of
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import offers
from engine.store.offers import OfferedJob
from engine.store.transaction import Transaction
from engine.store.values import unpack

MOST = 200
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ActivatedJob:
    """A job as its worker gets it; ``deadline`` in business time, ``retries`` are the tries left, this one included.

    ``lease`` tells this activation from later ones of the same job: an answer that names it is refused once
    somebody else has the job.
    """

    key: int
    type: str
    worker: str
    deadline: datetime
    retries: int
    lease: int
    case: int
    number: str
    region: str
    definition: int
    entry: str
    version: int
    process: str
    element: str
    token: int
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


def activate_jobs(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    type: str,
    worker: str,
    timeout: timedelta,
    most: int = 1,
    variables: Collection[str] | None = None,
) -> tuple[ActivatedJob, ...]:
    """Return up to ``most`` jobs, those due longest first, locked for the worker until ``timeout`` has passed.

    When the time has passed, the job is offered again; that costs none of its tries. ``variables`` are the names to
    fetch, None for all the service may see. Jobs outside the actor's regions or service types are not there.
    Raises Invalid for a timeout, number or worker name out of bounds.
    """
    _check(worker, timeout, most)
    reach = serving(runtime.published(transaction).roles, actor, type)
    if reach.empty:
        return ()
    found = offers.due(transaction, type, reach, most)
    until = transaction.now + timeout
    offers.take(transaction, found, worker, holder_of(actor), until)
    return tuple(_activated(runtime, row, worker, until, variables) for row in found)


def _activated(
    runtime: Runtime, row: OfferedJob, worker: str, until: datetime, names: Collection[str] | None
) -> ActivatedJob:
    payload = unpack(runtime.keyring.open(row.payload, b"job:%d" % row.key))
    seen = payload["variables"]
    return ActivatedJob(
        key=row.key,
        type=row.type,
        worker=worker,
        deadline=until,
        retries=row.retries - row.tries,
        lease=row.lease + 1,
        case=row.case,
        number=row.number,
        region=row.region,
        definition=row.definition,
        entry=row.entry,
        version=row.version,
        process=row.process,
        element=row.element,
        token=row.token,
        headers=payload["headers"],
        variables=seen if names is None else {name: seen[name] for name in names if name in seen},
    )


def _check(worker: str, timeout: timedelta, most: int) -> None:
    if not worker.strip() or len(worker) > 200:
        message = Text("请给出工作程序的名称(200 字以内)。", "Expected the worker's name of at most 200 characters.")
        raise Invalid(message, {"worker": message})
    if not timedelta(seconds=1) <= timeout <= LONGEST:
        message = Text("占用时间应在 1 秒到 1 天之间。", "Expected a timeout between one second and one day.")
        raise Invalid(message, {"timeout": message})
    if not 1 <= most <= MOST:
        message = Text(f"一次应领取 1 到 {MOST} 项作业。", f"Expected between 1 and {MOST} jobs at once.")
        raise Invalid(message, {"maxJobsToActivate": message})

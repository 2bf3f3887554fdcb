"""Writes down that an outside worker failed: another try later, or an incident when none is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.commands.jobs import give_up, hold_job, next_pause
from engine.commands.work import open_work, save
from engine.commands.worker_values import accepted
from engine.errors import Invalid, ModelError, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import jobs, offers
from engine.store.audit import Entry
from engine.store.cases import LockedCase
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction

MOST_TRIES = 1000
LONGEST_PAUSE = timedelta(days=30)
_MESSAGE = 300
# Identity, bank and telephone numbers have no place in a message that operators read.
_NUMBER = re.compile(r"[0-9][0-9Xx -]{4,}")


@dataclass(frozen=True, slots=True)
class FailedJob:
    """The job that failed, its case, and the incident it became if no try is left."""

    job: int
    case: int
    incident: int | None


def fail_job(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    job: int,
    retries: int,
    message: str = "",
    back_off: timedelta | None = None,
    values: Mapping[str, Any] | None = None,
    lease: int | None = None,
) -> FailedJob:
    """Return the failed job; ``retries`` is how many tries the worker leaves it.

    Without ``back_off`` the pause grows as for the product's own connectors. ``values`` are set where the activity
    sees them, and whoever takes the job next gets them. Raises NotFound, Conflict (naming who holds the job), Invalid.
    """
    _check(retries, back_off)
    row, locked = hold_job(runtime, transaction, actor, job, lease)
    if values:
        _write(runtime, transaction, actor, locked, row, values)
    fault = _told(message, row)
    used = row.tries + 1
    if retries == 0:
        return FailedJob(row.key, row.case, give_up(runtime, transaction, actor, row, used, fault))
    pause = next_pause(used) if back_off is None else back_off
    jobs.retry_at(transaction, row.key, used, transaction.now + pause, jobs.OFFERED, fault.message.en)
    offers.set_tries_left(transaction, row.key, retries)
    if pause <= timedelta():
        transaction.after_commit(runtime.offers.ring)
    return FailedJob(row.key, row.case, None)


def _write(
    runtime: Runtime, transaction: Transaction, actor: Actor, locked: LockedCase, row: JobRow, values: Mapping[str, Any]
) -> None:
    work = open_work(runtime, transaction, actor, locked)
    work.run.write(accepted(values), row.token)
    work.variables.write(work.run.step.variables, ())
    save(work, Entry("fail_job", f"job:{row.key}:{row.element}"))
    jobs.add_to_payload(transaction, runtime.keyring, row, values)


def _told(message: str, row: JobRow) -> ModelError:
    said = _NUMBER.sub("…", message.strip())[:_MESSAGE]
    return ModelError(
        Text(
            f"外部工作程序“{row.worker}”报告失败:{said or '未说明原因'}",
            f"Expected an answer, but the worker “{row.worker}” failed: {said or 'it did not say why'}",
        ),
        row.element,
    )


def _check(retries: int, back_off: timedelta | None) -> None:
    if not 0 <= retries <= MOST_TRIES:
        message = Text(f"剩余次数应在 0 到 {MOST_TRIES} 之间。", f"Expected between 0 and {MOST_TRIES} tries left.")
        raise Invalid(message, {"retries": message})
    if back_off is not None and not timedelta() <= back_off <= LONGEST_PAUSE:
        message = Text("间隔应在 0 到 30 天之间。", "Expected a back-off between zero and thirty days.")
        raise Invalid(message, {"retryBackOff": message})

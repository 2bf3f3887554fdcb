"""One try of one job: fire a timer, or ask the outside between two transactions."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from engine import log
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.trigger_timer import trigger_timer
from engine.errors import BpmnError, ModelError, Text
from engine.jobs.in_order import run_in_order
from engine.runtime import RemoteRequest, Runtime
from engine.runtime.opening import case_facts
from engine.store import cases, jobs
from engine.store.jobs import JobRow
from engine.store.transaction import Transaction, is_outage

_BATCH = 500


def run_job(runtime: Runtime, job: int, tries: int) -> None:
    """Run one try of a job that was handed over; one settled or cancelled meanwhile is left alone.

    A replay after a crash is harmless: settling compares status and tries, the outside gets a constant key.
    """
    with runtime.read() as transaction:
        row = jobs.find(transaction, job)
    if row is None or row.status != jobs.QUEUED or row.tries != tries:
        return
    with log.within(case=row.case, process=row.process, element=row.element, job=row.key, kind=row.kind):
        _run(runtime, row)


def _run(runtime: Runtime, row: JobRow) -> None:
    try:
        _try(runtime, row)
    except Exception as error:  # the boundary to connectors and models: whatever failed is settled as a failed try
        log.tell(logging.WARNING, "job_failed", error)
        runtime.attempt(partial(_settle_failure, runtime, row, error))


def _settle_failure(runtime: Runtime, row: JobRow, error: Exception, transaction: Transaction) -> None:
    # A database that was away is neither the model's fault nor the department's: the job waits, no try is lost.
    if is_outage(error):
        jobs.take_back(transaction, row)
    else:
        settle_job(runtime, transaction, job=row.key, tries=row.tries, outcome=as_fault(error, row.element))


def _try(runtime: Runtime, row: JobRow) -> None:
    if row.kind == "timer":
        runtime.attempt(lambda transaction: trigger_timer(runtime, transaction, job=row.key, tries=row.tries))
        return
    outcome: Mapping[str, Any] | BpmnError
    try:
        outcome = _ask(runtime, row)
    except BpmnError as error:
        outcome = error
    runtime.attempt(partial(settle_job, runtime, job=row.key, tries=row.tries, outcome=outcome))


def _ask(runtime: Runtime, row: JobRow) -> Mapping[str, Any]:
    connector = runtime.connectors.get(row.type)
    if connector is None:
        raise ModelError(
            Text(
                f"外部服务「{row.type}」没有登记连接方式,请联系系统管理员。",
                f"Expected a connector for “{row.type}”, but none is registered; register it and retry.",
            ),
            row.element,
        )
    with runtime.read() as transaction:
        case = cases.find(transaction, row.case)
    payload = jobs.payload(runtime.keyring, row)
    facts = case_facts(case) if case else {}
    return connector(RemoteRequest(f"job-{row.key}", row.type, facts, payload["variables"], payload["headers"]))


def run_due(runtime: Runtime, kinds: frozenset[str] = frozenset({"timer", "service"})) -> int:
    """Run in this thread everything that is due, in order, without DBOS; return how much ran."""
    ran = 0
    while True:
        ran += run_in_order(runtime) if jobs.TIMER in kinds else 0
        with runtime.write() as transaction:
            rows = jobs.due(transaction, _BATCH) if jobs.SERVICE in kinds else []
            jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED} for row in rows])
        if not rows:
            return ran
        for row in rows:
            run_job(runtime, row.key, row.tries)
        ran += len(rows)

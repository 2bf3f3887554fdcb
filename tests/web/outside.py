"""Everything outside the bureau, honest and prompt: time passes, the bank pays, the departments know nothing bad."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.clock import FixedClock
from engine.commands.deliver import deliver
from engine.commands.settle_job import settle_job
from engine.commands.start_by_timer import SCHEDULED
from engine.commands.step import Beginning, begin_case
from engine.commands.trigger_timer import trigger_timer
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import deliveries, jobs, lane, start_timers
from engine.store.jobs import JobRow
from engine.store.lane import Due


class Outside:
    """What is not a person at a desk: the clock, timers, messages on their way, the bank and the departments."""

    def __init__(self, runtime: Runtime, clock: FixedClock) -> None:
        self.runtime, self.clock = runtime, clock
        self.files: dict[str, Mapping[str, Any]] = {}

    def begin(self, process: str, event: str, region: str) -> None:
        """Let a process begin as its timed start does; else none begins by itself in this world."""
        with self.runtime.write() as transaction:
            definition = self.runtime.latest(transaction, process)
            values = {SCHEDULED: transaction.now}
            begin_case(self.runtime, transaction, SYSTEM, Beginning(definition, region, values, "system", event=event))

    def wait_until(self, moment: datetime) -> None:
        """Let time pass: what is due meanwhile happens in its order, each in a transaction of its own."""
        while (due := self._next(moment)) is not None:
            self.clock.set(max(due.due_at, self.clock.now()))
            self._happen(due)
        self.clock.set(moment)

    def _next(self, moment: datetime) -> Due | None:
        now, found = self.clock.now(), []
        self.clock.set(moment)
        with self.runtime.write() as transaction:
            while deliveries.any_waiting(transaction) and deliver(self.runtime, transaction):
                transaction.deliveries = 0
            found += [Due("service", job.key, job.due_at, job.tries) for job in jobs.due(transaction, 1)]
            found += [one for one in [lane.next_due(transaction)] if one is not None]
        self.clock.set(now)
        return min(found, key=lambda one: (one.due_at, one.key), default=None)

    def _happen(self, due: Due) -> None:
        with self.runtime.write() as transaction:
            if due.kind == lane.START:
                start_timers.remove(transaction, due.key)
                return
            job = jobs.find(transaction, due.key)
            assert job is not None
            jobs.set_status(transaction, [{"key_": job.key, "status": jobs.QUEUED}])
            if due.kind == lane.TIMER:
                trigger_timer(self.runtime, transaction, job=job.key, tries=job.tries)
            else:
                settle_job(self.runtime, transaction, job=job.key, tries=job.tries, outcome=self._answer(job))

    def _answer(self, job: JobRow) -> Mapping[str, Any]:
        asked = jobs.payload(self.runtime.keyring, job)["variables"]
        if job.type == "payroll_send":
            self.files[str(asked["batch"])] = asked
            return {"bank_reference": f"PL{len(self.files):010d}"}
        if job.type == "payroll_results":
            file = self.files[str(asked["batch"])]
            paid = {"bank_lines": file["batch_lines"], "bank_paid": file["batch_total"]}
            return {"complete": True, "returned": [], **paid}
        if job.type == "payroll_statement":
            sent = [self.files[str(one)]["batch_total"] for one in asked["batches"] or ()]
            return {"bank_total": sum(sent, Decimal(0))}
        return _ALWAYS[job.type or ""]


_ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "bank_account_test": {"account_ok": True, "bank_reason": ""},
    "check_source": {"status": "answered", "items": []},
    "sms": {"sent": True},
    "status_share": {"shared": True},
}

"""Every second on every node: heartbeat, hand over what is due, rescue what a dead node left."""

from __future__ import annotations

import time
from datetime import timedelta

from dbos import DBOSClient, EnqueueOptions

from engine.commands.settle_job import settle_job
from engine.errors import ModelError, Text
from engine.jobs.heartbeat import BEAT_SECONDS
from engine.jobs.in_order import run_in_order
from engine.jobs.migrating import work_off_migrations
from engine.jobs.pace import Pace
from engine.jobs.repairing import work_off_repairs
from engine.jobs.seam import forget_finished, is_known
from engine.runtime import Runtime
from engine.store import attempts, business_clock, files, jobs, messages, nodes
from engine.store.agenda import Agenda, agenda
from engine.store.jobs import JobRow
from engine.store.keys import new_key
from engine.store.transaction import Transaction

BATCH = 500
DEAD_AFTER = timedelta(seconds=10)
RECONCILE_SECONDS = 30.0
# Between two runs or two cases that are moved: on SQLite others could not write otherwise.
IN_ORDER_SECONDS, RUN_SECONDS, PAUSE_SECONDS = 1.0, 0.2, 0.02
PRUNE_SECONDS = 6 * 3600.0
KEEP_FINISHED = timedelta(days=1)
KEEP_EXPIRED = timedelta(days=30)
KEEP_ORPHANS = timedelta(days=3)


class Housekeeping:
    """The regular work of one node."""

    def __init__(self, runtime: Runtime, client: DBOSClient, pace: Pace, queue: str, workflow: str) -> None:
        self._runtime = runtime
        self._client = client
        self._pace = pace
        self._queue = queue
        self._workflow = workflow
        self._started = runtime.clock.wall()
        self._reconciled = time.monotonic()
        self._pruned = time.monotonic()
        self._beat = 0.0

    def turn(self) -> bool:
        """Do one round of what is due; return whether there is more. What that sets off wakes the next round."""
        found = self._look()
        self._pace.note(found.services or found.queued)
        more = found.in_order and self._in_order()
        while found.services and self._hand_over() == BATCH:
            pass
        if found.migrations and work_off_migrations(self._runtime, pause=PAUSE_SECONDS):
            self._runtime.wake()
        if found.repairs and work_off_repairs(self._runtime, pause=PAUSE_SECONDS):
            self._runtime.wake()
        moment = time.monotonic()
        if moment - self._beat > BEAT_SECONDS:
            self._beat = moment
            self.beat()
        if moment - self._reconciled > RECONCILE_SECONDS:
            self._reconciled = moment
            self.reconcile()
        if moment - self._pruned > PRUNE_SECONDS:
            self._pruned = moment
            self._prune()
        return more

    def _look(self) -> Agenda:
        """Return what there is to do, asked in one short transaction: an idle node does this every second."""
        with self._runtime.read() as transaction:
            _follow(self._runtime, transaction)
            return agenda(transaction, self._runtime.clock.now())

    def _in_order(self) -> bool:
        """Fire and deliver in short runs with pauses in which others get at the database, for a second at most."""
        until = time.monotonic() + IN_ORDER_SECONDS
        while run_in_order(self._runtime, RUN_SECONDS):
            if time.monotonic() > until:
                return True
            time.sleep(PAUSE_SECONDS)
        return False

    def _hand_over(self) -> int:
        with self._runtime.write() as transaction:
            rows = jobs.due(transaction, BATCH)
            for row in rows:
                options: EnqueueOptions = {
                    "queue_name": self._queue,
                    "workflow_name": self._workflow,
                    "workflow_id": f"job-{row.key}-{new_key()}",
                }
                self._client.enqueue_in_transaction(transaction.connection, options, str(row.key), row.tries)
            jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED} for row in rows])
        return len(rows)

    def beat(self) -> None:
        """Say that this node is alive; rescue what a node left that is not."""
        settings = self._runtime.settings
        with self._runtime.write() as transaction:
            nodes.beat(transaction, settings.node, settings.application_version, settings.role, self._started)
            dead = nodes.take_dead(transaction, DEAD_AFTER, settings.node)
        if dead:
            self._rescue()

    def _rescue(self) -> None:
        """A crash costs the running jobs of a node one try each.

        Whoever is not alive is asked after, not whoever was just found dead: that rescuer may have died too.
        """
        with self._runtime.read() as transaction:
            alive = nodes.alive(transaction)
        for workflow in self._client.list_workflows(status="PENDING", load_input=False, load_output=False):
            if workflow.executor_id in alive:
                continue
            self._client.cancel_workflow(workflow.workflow_id)
            with self._runtime.read() as transaction:
                row = jobs.find(transaction, int(workflow.workflow_id.split("-")[1]))
            if row is not None and row.status == jobs.QUEUED:
                self._settle_lost(row)

    def _settle_lost(self, row: JobRow) -> None:
        fault = ModelError(
            Text("执行该任务的服务器应运行到结束,但中断了。", "Expected the worker to finish, but it was lost."),
            row.element,
        )
        with self._runtime.write() as transaction:
            if row.kind == "timer":
                jobs.take_back(transaction, row)
            else:
                settle_job(self._runtime, transaction, job=row.key, tries=row.tries, outcome=fault)

    def reconcile(self) -> None:
        """Take back jobs that are handed over here, but that DBOS does not know, has given up or left to the dead."""
        self._rescue()
        with self._runtime.read() as transaction:
            rows = jobs.queued(transaction)
        for row in rows:
            if not is_known(self._client, row.key):
                self._settle_lost(row)

    def _prune(self) -> None:
        with self._runtime.write() as transaction:
            attempts.forget_before(transaction, KEEP_FINISHED)
            messages.forget_expired(transaction, transaction.now - KEEP_EXPIRED)
            files.forget_orphans(transaction, transaction.now - KEEP_ORPHANS)
        while forget_finished(self._client, self._runtime.clock.wall() - KEEP_FINISHED):
            pass


def follow_clock(runtime: Runtime) -> None:
    """Let the demo's clock run with the stored offset, which another process may have moved."""
    with runtime.read() as transaction:
        _follow(runtime, transaction)


def _follow(runtime: Runtime, transaction: Transaction) -> None:
    if runtime.settings.demo:
        business_clock.use(runtime.clock, business_clock.offset(transaction))

"""DBOS in this process: it claims, runs and recovers what housekeeping hands over."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig
from dbos import Serializer as DbosSerializer

from engine import log
from engine.errors import kind_and_place
from engine.jobs.heartbeat import leave
from engine.jobs.housekeeping import Housekeeping, follow_clock
from engine.jobs.pace import QUICK_SECONDS, Pace
from engine.jobs.run import run_job
from engine.runtime import Runtime

QUEUE = "doudi"
WORKFLOW = "run_job"
CONCURRENCY = 32
# What is handed over (a key and a count) means the same to every version of the program. Were it the program's own
# version, DBOS would leave what an old node began, or what was enqueued before a rollback, to nobody.
HANDOVER = "1"

_running: list[Runtime] = []


class JobLost(Exception):
    """A try that could not even be settled: its class and place, no values; housekeeping hands the job over anew."""


class PlainJson(DbosSerializer):
    """What DBOS keeps of a job: two numbers, as JSON; nothing is ever unpickled."""

    def serialize(self, data: Any) -> str:
        """Return the data as JSON text."""
        return json.dumps(data, default=str)

    @classmethod
    def deserialize(cls, serialized_data: str) -> Any:
        """Return the data of a JSON text."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """Return the name DBOS stores beside the data."""
        return "doudi_json"


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=5)
def _run_job(job: str, tries: int) -> None:
    # No DBOS step inside: the guard in settling makes a replay harmless and costs half.
    try:
        run_job(_running[-1], int(job), tries)
    except Exception as error:
        # DBOS stores and logs what it catches; the message of a database's error may hold a row.
        raise JobLost(kind_and_place(error)) from None


class Worker:
    """Executes jobs in this process until it is stopped."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._client: DBOSClient | None = None

    def start(self) -> None:
        """Launch DBOS, take up what an earlier run of this node left, and begin housekeeping."""
        _running.append(self._runtime)
        settings = self._runtime.settings
        config: DBOSConfig = {
            "name": "doudi",
            "system_database_url": settings.database_url,
            "executor_id": settings.node,
            "application_version": HANDOVER,
            "log_level": "ERROR",
            "serializer": PlainJson(),
        }
        # Before DBOS takes up what was interrupted: a timer fired by the machine's own clock would arm the next one there.
        follow_clock(self._runtime)
        DBOS(config=config)
        DBOS.launch()
        queue = DBOS.register_queue(QUEUE, worker_concurrency=CONCURRENCY, polling_interval_sec=QUICK_SECONDS)
        self._client = DBOSClient(system_database_url=settings.database_url, serializer=PlainJson())
        housekeeping = Housekeeping(self._runtime, self._client, Pace(queue), QUEUE, WORKFLOW)
        # Known to be alive before the others could take what it just recovered for left by the dead.
        housekeeping.beat()
        self._runtime.wake = self._wake.set
        self._thread = threading.Thread(target=self._loop, args=(housekeeping,), name="housekeeping", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop handing over and let running jobs end."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        if self._client is not None:
            self._client.destroy()
        DBOS.destroy(workflow_completion_timeout_sec=5)
        _running.remove(self._runtime)
        leave(self._runtime)

    def _loop(self, housekeeping: Housekeeping) -> None:
        while not self._stop.is_set():
            try:
                if housekeeping.turn():
                    continue
            except Exception as error:  # the database may be away for a while; the next turn tries again
                log.tell(logging.WARNING, "housekeeping_failed", error)
            self._wake.wait(1.0)
            self._wake.clear()


def start_worker(runtime: Runtime) -> Worker:
    """Return a started worker for the runtime, in this process."""
    worker = Worker(runtime)
    worker.start()
    return worker

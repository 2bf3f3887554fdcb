"""Makes due timers fire and remote services be asked: DBOS behind a thin seam."""

from engine.jobs.heartbeat import Heartbeat, start_heartbeat
from engine.jobs.run import run_due, run_job
from engine.jobs.worker import Worker, start_worker

__all__ = ["Heartbeat", "Worker", "run_due", "run_job", "start_heartbeat", "start_worker"]

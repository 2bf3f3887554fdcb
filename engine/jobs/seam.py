"""What this product asks of DBOS beyond running: the status of a job, and forgetting what is finished."""

from __future__ import annotations

from datetime import datetime

from dbos import DBOSClient

_RUNNING = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_PRUNE_AT_ONCE = 1000


def is_known(client: DBOSClient, job: int) -> bool:
    """Return whether DBOS has the job and is going to run it, or is running it."""
    found = client.list_workflows(workflow_id_prefix=f"job-{job}-", load_input=False, load_output=False)
    return any(workflow.status in _RUNNING for workflow in found)


def forget_finished(client: DBOSClient, before: datetime) -> int:
    """Delete what finished before this wall time; return how many."""
    found = client.list_workflows(
        status=_FINISHED, completed_before=before.isoformat(), limit=_PRUNE_AT_ONCE, load_input=False, load_output=False
    )
    client.delete_workflows([workflow.workflow_id for workflow in found])
    return len(found)

"""Takes jobs for an outside worker, waiting for one when there is none yet."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from flask import current_app

from engine.commands.activate_jobs import ActivatedJob
from engine.commands.activate_jobs import activate_jobs as activate
from engine.queries.offered import any_offered
from web.api.caller import has_gone
from web.context import actor, reading, runtime, tx, writing

LONGEST_WAIT, USUAL_WAIT = 30.0, 10.0
# Another process may have what this one does not hear of.
LOOK_AGAIN = 1.0
_SEATS = "seats of waiting programs"


def take_jobs(
    service: str, worker: str, timeout: timedelta, most: int, variables: list[str] | None, wait: float
) -> tuple[ActivatedJob, ...]:
    """Return jobs of the service type, at the latest after ``wait`` seconds; at once where too many wait already."""
    until = time.monotonic() + wait
    seated = wait > 0 and seats().acquire(blocking=False)
    try:
        # A job given to a program that has ended would lie with it until its time is over.
        while not has_gone():
            rings = runtime().offers.rings
            found = _taken(service, worker, timeout, most, variables)
            left = until - time.monotonic()
            if found or not seated or left <= 0:
                return found
            runtime().offers.wait(rings, min(left, LOOK_AGAIN))
        return ()
    finally:
        if seated:
            seats().release()


def seconds(request_timeout: int | None) -> float:
    """Return how long a request wants to wait: nothing or 0 means the usual time, less than 0 not at all."""
    if not request_timeout:
        return USUAL_WAIT
    return min(max(request_timeout / 1000, 0.0), LONGEST_WAIT)


def seats_beside(threads: int) -> int:
    """Return how many threads may wait: more than half are left over for people at their screens."""
    return max(threads // 2 - 1, 0)


def seats() -> threading.Semaphore:
    """Return the seats of waiting programs of this process."""
    made = threading.Semaphore(seats_beside(runtime().settings.threads))
    kept: threading.Semaphore = current_app.extensions.setdefault(_SEATS, made)
    return kept


def _taken(
    service: str, worker: str, timeout: timedelta, most: int, variables: list[str] | None
) -> tuple[ActivatedJob, ...]:
    if not reading(lambda: any_offered(runtime(), tx(), actor(), service)):
        return ()
    return writing(
        lambda: activate(
            runtime(), tx(), actor(), type=service, worker=worker, timeout=timeout, most=most, variables=variables
        )
    )

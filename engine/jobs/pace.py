"""How often DBOS looks for jobs: ten times a second while there are some, once a second after half a minute without."""

from __future__ import annotations

import time
from typing import Protocol

QUICK_SECONDS, CALM_SECONDS = 0.1, 1.0
CALM_AFTER, SAY_AGAIN_AFTER = 30.0, 5.0


class Queue(Protocol):
    """What of DBOS's queue is used here; every node reads what one of them set."""

    def set_polling_interval_sec(self, value: float) -> None:
        """Let every node look as often."""


class Pace:
    """The pace as this node knows it; another may have changed it."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._busy = self._said = time.monotonic()
        self._calm = False

    def note(self, jobs: bool) -> None:
        """Take notice of whether there are jobs now, handed over by this node or any other."""
        now = time.monotonic()
        if jobs:
            self._busy = now
            # Another node, which saw none, may have become calm meanwhile.
            if self._calm or now - self._said > SAY_AGAIN_AFTER:
                self._say(QUICK_SECONDS, now)
        elif not self._calm and now - self._busy > CALM_AFTER:
            self._say(CALM_SECONDS, now)

    def _say(self, seconds: float, now: float) -> None:
        self._queue.set_polling_interval_sec(seconds)
        self._calm, self._said = seconds == CALM_SECONDS, now

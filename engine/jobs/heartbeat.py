"""The sign of life of a node that runs no jobs: the others, and whoever looks at the status, know it is there."""

from __future__ import annotations

import logging
import threading

from engine import log
from engine.runtime import Runtime
from engine.store import nodes

BEAT_SECONDS = 3.0


class Heartbeat:
    """Beats in a thread of its own until it is stopped."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._started = runtime.clock.wall()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Say that this node is gone, so that nobody looks for it."""
        self._stop.set()
        self._thread.join(timeout=10)
        leave(self._runtime)

    def beat(self) -> None:
        """Say once that this node is alive."""
        settings = self._runtime.settings
        with self._runtime.write() as transaction:
            nodes.beat(transaction, settings.node, settings.application_version, settings.role, self._started)

    def _loop(self) -> None:
        while True:
            try:
                self.beat()
            except Exception as error:  # the database may be away for a while; the next beat tries again
                log.tell(logging.WARNING, "heartbeat_failed", error)
            if self._stop.wait(BEAT_SECONDS):
                return


def leave(runtime: Runtime) -> None:
    """Take this node off the list; a database that is away keeps it until somebody finds it dead."""
    try:
        with runtime.write() as transaction:
            nodes.leave(transaction, runtime.settings.node)
    except Exception as error:
        log.tell(logging.WARNING, "leaving_not_noted", error)


def start_heartbeat(runtime: Runtime) -> Heartbeat:
    """Return the started sign of life of this process."""
    made = Heartbeat(runtime)
    made.start()
    return made

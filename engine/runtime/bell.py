"""Wakes whoever waits in this process for something new: a ring is remembered by its number, so none is missed."""

from __future__ import annotations

import threading


class Bell:
    """Counts its rings; other processes are not heard, so nobody should wait for long without looking."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """Return how often it has rung: take this number, look, and then wait for the next ring after it."""
        return self._rings

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def wait(self, after: int, seconds: float) -> bool:
        """Return whether it has rung more often than ``after``, at the latest after so many seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: self._rings > after, seconds)

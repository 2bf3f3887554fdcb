"""Lets background work step aside in this process while somebody waits for a page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Courtesy:
    """Counts who waits for an answer; background work asks before each piece of it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody waits for what the block does."""
        with self._condition:
            self._waiting += 1
        try:
            yield
        finally:
            with self._condition:
                self._waiting -= 1
                self._condition.notify_all()

    @property
    def asked(self) -> bool:
        """Return whether somebody waits for an answer now."""
        return self._waiting > 0

    def give_way(self, seconds: float) -> None:
        """Return once nobody waits, at the latest after so many seconds: whoever comes all the time stops nothing."""
        with self._condition:
            self._condition.wait_for(lambda: self._waiting == 0, seconds)

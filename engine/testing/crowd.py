"""Many who act at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from engine.errors import Rejected


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Return what each of ``count`` threads got, a rejection for one that was refused, when all begin together."""
    barrier = Barrier(count)

    def one(number: int) -> object:
        barrier.wait()
        try:
            return act(number)
        except Rejected as refused:
            return refused

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))

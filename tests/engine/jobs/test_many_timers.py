"""P7 at length: DOUDI_TIMERS timers, two schedulers that are killed, and a clock that jumps: each fires once."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM
from engine.store import tables as t
from tests.engine.jobs.conftest import TOWNSHIP, Plant

TIMERS = int(os.environ.get("DOUDI_TIMERS", "100000"))
BATCH = 200
# Every case rings twice: after its own span, and an hour later.
SPAN = timedelta(hours=6)
# Two for a short run, twenty for the long one, spread over the whole of it.
KILLS = max(2, min(20, TIMERS // 1000))
WITHOUT_PROGRESS = 600.0


@pytest.mark.soak
def test_each_of_very_many_timers_fires_once_while_schedulers_die_and_the_clock_jumps(plant: Plant) -> None:
    seed = secrets.randbits(32)
    dice, began = random.Random(seed), time.monotonic()
    _begin(plant, TIMERS // 2, dice)
    print(f"seed {seed}: {TIMERS} timers armed after {time.monotonic() - began:.0f} s", flush=True)
    names = ["one", "two"] if not plant.runtime.database.sqlite else ["one"]
    for name in names:
        plant.start(name)
    kills = _until_all_have_rung(plant, names, dice)
    fired = _fired(plant)
    took = time.monotonic() - began
    print(f"{sum(fired.values())} firings of {len(fired)} timers, {kills} kills, {took:.0f} s", flush=True)
    assert set(fired.values()) == {1}
    assert len(fired) == 2 * (TIMERS // 2)


def _begin(plant: Plant, cases: int, dice: random.Random) -> None:
    for first in range(0, cases, BATCH):
        with plant.runtime.write() as transaction:
            alarm = plant.runtime.latest(transaction, "alarm")
            for _ in range(min(BATCH, cases - first)):
                values = {"wait": f"PT{dice.randrange(1, int(SPAN.total_seconds()))}S"}
                begin_case(plant.runtime, transaction, SYSTEM, Beginning(alarm, TOWNSHIP, values, "system"))


def _until_all_have_rung(plant: Plant, names: list[str], dice: random.Random) -> int:
    """Return how many schedulers were killed until no case was open; time that brings nothing for long is a failure."""
    kills, seen, since, all_of_them = 0, -1, time.monotonic(), plant.open_cases()
    while left := plant.open_cases():
        if left != seen:
            seen, since = left, time.monotonic()
        assert time.monotonic() - since < WITHOUT_PROGRESS, f"{left} cases stay open"
        # Mostly forward, sometimes back: what has rung must not ring again.
        plant.advance(timedelta(minutes=dice.choice((10, 20, 40, -15))))
        if kills < KILLS and left <= all_of_them * (KILLS - kills) / (KILLS + 1):
            name = dice.choice(names)
            plant.kill(name)
            plant.start(name)
            kills += 1
        time.sleep(dice.random() * 2)
    return kills


def _fired(plant: Plant) -> Counter[tuple[str, str]]:
    """Return how often each timer fired, by the audit."""
    query = sa.select(t.audit.c.chain, t.audit.c.subject).where(t.audit.c.action == "trigger_timer")
    with plant.runtime.read() as transaction:
        return Counter((row.chain, row.subject) for row in transaction.execute(query))

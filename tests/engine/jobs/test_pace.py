"""An idle node looks for jobs once a second; where there are some it looks ten times a second at once."""

from __future__ import annotations

import pytest

from engine.jobs import pace
from engine.jobs.pace import CALM_AFTER, CALM_SECONDS, QUICK_SECONDS, SAY_AGAIN_AFTER, Pace


class Asked:
    """A queue that remembers how it was set."""

    def __init__(self) -> None:
        self.said: list[float] = []

    def set_polling_interval_sec(self, value: float) -> None:
        self.said.append(value)


@pytest.fixture
def at(monkeypatch):
    return lambda moment: monkeypatch.setattr(pace.time, "monotonic", lambda: moment)


def test_it_becomes_calm_once_and_quick_with_the_next_job(at):
    at(0.0)
    queue = Asked()
    kept = Pace(queue)
    for moment in (1.0, CALM_AFTER, CALM_AFTER + 1, CALM_AFTER + 2):
        at(moment)
        kept.note(jobs=False)
    assert queue.said == [CALM_SECONDS]
    kept.note(jobs=True)
    assert queue.said == [CALM_SECONDS, QUICK_SECONDS]


def test_while_there_are_jobs_it_says_so_again_now_and_then_since_others_may_be_calm(at):
    at(0.0)
    queue = Asked()
    kept = Pace(queue)
    for moment in (1.0, 2.0, SAY_AGAIN_AFTER + 1, SAY_AGAIN_AFTER + 2):
        at(moment)
        kept.note(jobs=True)
    assert queue.said == [QUICK_SECONDS]

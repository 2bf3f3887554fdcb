"""What is due runs once, on whichever process, whoever dies meanwhile."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from engine.jobs import Worker
from engine.jobs.housekeeping import Housekeeping
from engine.jobs.pace import Pace
from engine.jobs.worker import QUEUE, WORKFLOW, PlainJson
from engine.store import jobs, nodes
from engine.store import tables as t
from tests.engine.jobs.conftest import wait_until
from tests.engine.jobs.test_pace import Asked

TIMERS = 120


def _fired(plant) -> list[int]:
    """Return how often each timer fired, by the audit."""
    counted = (
        sa.select(sa.func.count())
        .where(t.audit.c.action == "trigger_timer")
        .group_by(t.audit.c.chain, t.audit.c.subject)
    )
    with plant.runtime.read() as transaction:
        return list(transaction.execute(counted).scalars())


def _due(plant) -> bool:
    now = plant.runtime.clock.now()
    return any(row.status == "queued" or (row.status == "waiting" and row.due_at <= now) for row in plant.jobs())


def test_a_due_timer_fires_once_and_no_second_before(plant, begin):
    worker = Worker(plant.runtime)
    worker.start()
    try:
        for _ in range(5):
            begin("alarm", wait="PT1H")
        plant.advance(timedelta(minutes=59))
        plant.runtime.wake()
        wait_until(lambda: plant.statuses() == {"waiting"})
        plant.advance(timedelta(minutes=2))
        wait_until(lambda: len(_fired(plant)) == 5)
        plant.advance(timedelta(hours=1))
        wait_until(lambda: plant.open_cases() == 0)
    finally:
        worker.stop()
    assert _fired(plant) == [1] * 10


def test_a_service_is_asked_by_the_worker_and_its_case_goes_on(plant, begin, gate):
    gate.touch()
    worker = Worker(plant.runtime)
    worker.start()
    try:
        begin("errand")
        wait_until(lambda: plant.open_cases() == 0)
    finally:
        worker.stop()
    assert [row.status for row in plant.jobs()] == ["done"]


def test_timers_fire_once_while_two_processes_work_one_dies_and_the_clock_jumps(plant, begin):
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    shared = not plant.runtime.database.sqlite
    for number in range(TIMERS):
        begin("alarm", wait=f"PT{number % 40 + 1}M")
    plant.start("one")
    if shared:
        plant.start("two")
    for _ in range(2):
        plant.advance(timedelta(minutes=dice.randint(5, 20)))
        wait_until(lambda: any(row.status == "done" for row in plant.jobs()))
        plant.kill("one")
        plant.start("one")
    plant.advance(timedelta(days=3))
    wait_until(lambda: len(_fired(plant)) >= TIMERS and not _due(plant))
    # A second alarm counts from when the first one rang, which for some was just now.
    plant.advance(timedelta(hours=1))
    wait_until(lambda: plant.open_cases() == 0)
    assert _fired(plant) == [1] * TIMERS * 2
    assert plant.statuses() == {"done"}


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_what_a_dead_process_was_doing_costs_one_try_and_is_done_by_another(plant, begin, gate):
    begin("errand")
    plant.start("one")
    notes = gate.with_name("notes")
    wait_until(lambda: notes.read_text() != "")
    plant.kill("one")
    gate.touch()
    plant.start("two")
    wait_until(lambda: [(row.status, row.tries) for row in plant.jobs()] == [("waiting", 1)])
    plant.advance(timedelta(minutes=5))
    wait_until(lambda: plant.open_cases() == 0)
    asked = notes.read_text().split()
    assert len(asked) == 2
    assert len(set(asked)) == 1


def test_the_same_process_takes_up_what_it_was_doing_when_it_died(plant, begin, gate):
    begin("errand")
    plant.start("one")
    notes = gate.with_name("notes")
    wait_until(lambda: notes.read_text() != "")
    plant.kill("one")
    gate.touch()
    plant.start("one")
    wait_until(lambda: plant.open_cases() == 0)
    assert len(set(notes.read_text().split())) == 1
    assert [row.status for row in plant.jobs()] == ["done"]


@pytest.fixture
def housekeeping(plant):
    """Return the housekeeping of a process whose DBOS was launched once and runs nothing now."""
    worker = Worker(plant.runtime)
    worker.start()
    worker.stop()
    url = plant.runtime.settings.database_url
    client = DBOSClient(system_database_url=url, serializer=PlainJson())
    yield Housekeeping(plant.runtime, client, Pace(Asked()), QUEUE, WORKFLOW)
    client.destroy()


def _handed_over_to_nobody(plant) -> None:
    with plant.runtime.write() as transaction:
        rows = jobs.pending_timers(transaction)
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED} for row in rows])


def test_a_timer_that_was_handed_over_but_nobody_knows_waits_again(plant, begin, housekeeping):
    begin("alarm", wait="PT1H")
    _handed_over_to_nobody(plant)
    housekeeping.reconcile()
    assert plant.statuses() == {"waiting"}


def test_a_job_that_was_settled_meanwhile_is_not_taken_back(plant, begin):
    begin("alarm", wait="PT1H")
    _handed_over_to_nobody(plant)
    with plant.runtime.write() as transaction:
        row = jobs.find(transaction, plant.jobs()[0].key)
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.DONE}])
        assert not jobs.take_back(transaction, row)
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.WAITING}])


def test_a_node_that_was_not_seen_for_long_is_dead_to_exactly_one(plant):
    runtime = plant.runtime
    with runtime.write() as transaction:
        nodes.beat(transaction, "gone", "1", "worker")
        transaction.execute(t.node.update().values(seen_at=transaction.wall - timedelta(seconds=11)))
        nodes.beat(transaction, "here", "1", "worker")
    with runtime.write() as transaction:
        assert nodes.take_dead(transaction, timedelta(seconds=10), "here") == ["gone"]
        assert nodes.take_dead(transaction, timedelta(seconds=10), "here") == []
        assert nodes.alive(transaction) == {"here"}

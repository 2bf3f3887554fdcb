from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.queries.readiness import readiness
from engine.queries.status import status
from engine.store import jobs, nodes
from engine.store import tables as t
from engine.testing.places import HILL

PARCEL = {"sender_name": "王芳", "phone": "13800000001", "amount": "5"}


def _ask(runtime):
    with runtime.read() as transaction:
        return status(runtime, transaction)


def _needed(runtime) -> list[str]:
    """Return what needs somebody, but for the clock of the test, which stands still far from the database's."""
    return [sentence.en for sentence in _ask(runtime).attention if "NTP" not in sentence.en]


def _out_of_order(_request):
    raise TimeoutError


def _beat(runtime, node: str, role: str, version: str = "1", ago: timedelta = timedelta()) -> None:
    with runtime.write() as transaction:
        nodes.beat(transaction, node, version, role)
        seen = transaction.wall - ago
        transaction.execute(t.node.update().where(t.node.c.id == node).values(seen_at=seen))


@pytest.fixture
def recorded(desk, staff):
    """Return a case with two timers that are due on 12 October."""
    clerk = staff.person("clerk", HILL)
    case = desk.start(clerk, "approval", HILL, **PARCEL)
    desk.complete(clerk, case.key, "record", {"weight": "3"})
    return case


def test_without_a_worker_somebody_is_needed(runtime):
    _beat(runtime, "web-1", "web")
    found = _ask(runtime)
    assert [(node.id, node.role, node.alive) for node in found.nodes] == [("web-1", "web", True)]
    assert any("doudi work" in sentence.en for sentence in found.attention)
    _beat(runtime, "work-1", "worker")
    assert _needed(runtime) == []


def test_a_node_that_fell_silent_is_named(runtime):
    _beat(runtime, "work-1", "worker")
    _beat(runtime, "work-2", "worker", ago=timedelta(seconds=30))
    found = _ask(runtime)
    assert [node.alive for node in found.nodes] == [True, False]
    assert ["work-2" in sentence for sentence in _needed(runtime)] == [True]


def test_versions_side_by_side_are_noted_and_need_nobody(runtime):
    _beat(runtime, "work-1", "worker", version="1")
    _beat(runtime, "work-2", "worker", version="2")
    found = _ask(runtime)
    assert _needed(runtime) == []
    assert "1, 2" in found.notes[0].en


def test_what_is_due_and_not_done_is_counted_with_how_late_it_is(runtime, desk, recorded, clock):
    _beat(runtime, "work-1", "worker")
    before = _ask(runtime)
    assert (before.queues.waiting, before.queues.due, before.lag_seconds) == (2, 0, 0)
    assert before.cases_open == 1
    with runtime.read() as transaction:
        first = min(row.due_at for row in jobs.pending_timers(transaction))
    clock.set(first + timedelta(minutes=5))
    late = _ask(runtime)
    assert late.oldest_due == first
    assert late.lag_seconds == 300
    assert (late.timers_due, late.queues.due) == (1, 1)
    assert any("300" in sentence.en for sentence in late.attention)
    with runtime.write() as transaction:
        rows = [row for row in jobs.pending_timers(transaction) if row.due_at <= transaction.now]
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED} for row in rows])
    handed_over = _ask(runtime)
    assert (handed_over.queues.due, handed_over.queues.queued, handed_over.lag_seconds) == (0, 1, 300)
    with runtime.write() as transaction:
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.WAITING} for row in rows])


def test_an_open_incident_needs_somebody(runtime, desk, staff, clock):
    _beat(runtime, "work-1", "worker")
    clerk = staff.person("clerk", HILL)
    case = desk.start(clerk, "approval", HILL, **{**PARCEL, "sender_name": "无名氏"})
    desk.complete(clerk, case.key, "record", {"weight": "3"})
    runtime.connectors = {"courier.send": _out_of_order}
    desk.complete(staff.person("supervisor", HILL), case.key, "decide", {"verdict": "yes"})
    for _ in range(6):
        desk.run_due()
        clock.set(clock.now() + timedelta(days=1))
    found = _ask(runtime)
    assert found.incidents_open == found.queues.failed == 1
    assert found.oldest_incident is not None
    assert any("incidents: 1" in sentence.en for sentence in found.attention)
    assert found.database_bytes > 10_000


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_clock_apart_from_the_databases_needs_somebody(runtime):
    assert any("NTP" in sentence.en for sentence in _ask(runtime).attention)


@pytest.mark.parametrize(
    ("ahead", "zh", "en"),
    [
        (timedelta(days=-63, hours=-9, minutes=-44), "慢 63 天 9 小时。", "is 63 days 9 hours behind the real time."),
        (timedelta(days=1), "快 1 天。", "is 1 day ahead of the real time."),
        (
            timedelta(hours=2, minutes=30, seconds=5),
            "快 2 小时 30 分钟。",
            "is 2 hours 30 minutes ahead of the real time.",
        ),
        (timedelta(seconds=-40), "慢 40 秒。", "is 40 seconds behind the real time."),
    ],
)
def test_the_clock_of_a_demo_is_told_as_people_say_it(runtime, clock, monkeypatch, ahead, zh, en):
    runtime.settings = replace(runtime.settings, demo=True)
    monkeypatch.setattr(clock, "now", lambda: clock.wall() + ahead)
    (note,) = _ask(runtime).notes
    assert note.zh.endswith(zh)
    assert note.en.endswith(en)


def test_a_process_whose_worker_fell_silent_is_not_ready(runtime):
    def ask() -> str:
        with runtime.read() as transaction:
            return readiness(runtime, transaction)

    runtime.settings = replace(runtime.settings, node="all-1", role="web and worker")
    assert ask() == "worker"
    _beat(runtime, "all-1", "web and worker")
    assert ask() == "ok"
    _beat(runtime, "all-1", "web and worker", ago=timedelta(minutes=1))
    _beat(runtime, "work-2", "worker")
    assert ask() == "worker"
    runtime.settings = replace(runtime.settings, role="web")
    assert ask() == "ok"


def test_a_process_on_an_older_schema_is_not_ready(runtime):
    with runtime.write() as transaction:
        transaction.execute(sa.text("DELETE FROM alembic_version"))
    with runtime.read() as transaction:
        assert readiness(runtime, transaction) == "schema"

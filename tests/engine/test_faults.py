"""A case is never half-stepped: whatever statement or commit fails or kills, the database is before or after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from engine.commands.complete_task import complete_task
from engine.commands.deploy import deploy
from engine.commands.migrate_case import migrate_case
from engine.commands.plan_migration import plan_migration
from engine.commands.run_migration import run_migration
from engine.commands.settle_job import settle_job
from engine.commands.start_case import start_case
from engine.commands.trigger_timer import trigger_timer
from engine.commands.undo_migration import undo_case_migration, undo_migration
from engine.jobs.migrating import work_off_migrations
from engine.queries.waiting import pending_services
from engine.store import case_migrations, definitions, jobs
from engine.testing.places import HILL
from tests.engine.failing import dies_cleanly_everywhere, fails_cleanly_everywhere

PARCEL = {"sender_name": "王芳", "phone": "13800000001", "amount": "5"}


@pytest.fixture(params=["fault", "death"])
def breaks(request, runtime) -> Callable[[Callable[[], object]], int]:
    """Return what lets an act fail at every point, or its process be killed, and says at how many points.

    On SQLite a statement fails before the database ran it, on PostgreSQL after.
    """
    if request.param == "death":
        return partial(dies_cleanly_everywhere, runtime)
    return partial(fails_cleanly_everywhere, runtime, after=not runtime.database.sqlite)


@pytest.fixture
def recorded(desk, staff):
    clerk = staff.person("clerk", HILL)
    case = desk.start(clerk, "approval", HILL, **PARCEL)
    desk.complete(clerk, case.key, "record", {"weight": "3"})
    return case.key


def test_starting_a_case(runtime, desk, staff, breaks):
    clerk = staff.person("clerk", HILL)

    def act() -> None:
        desk.do(start_case, clerk, process="approval", region=HILL, values=PARCEL, idempotency_key="once")

    assert breaks(act) >= 8


def test_completing_a_task_with_a_local_service_and_a_notice(runtime, desk, staff, recorded, breaks):
    supervisor = staff.person("supervisor", HILL)
    task = desk.task(recorded, "decide")

    def act() -> None:
        desk.do(complete_task, supervisor, task=task.key, revision=task.revision, values={"verdict": "yes"})

    assert breaks(act) >= 10
    assert desk.run_due() == 1


def test_a_timer_that_interrupts(runtime, desk, recorded, clock, breaks):
    clock.set(clock.now().replace(month=10, day=12))
    with runtime.write() as transaction:
        due = sorted(jobs.pending_timers(transaction), key=lambda row: row.due_at)

    def act() -> None:
        with runtime.write() as transaction:
            trigger_timer(runtime, transaction, job=due[1].key, tries=0)

    assert breaks(act) >= 8
    assert "takeover" in [row.element for row in desk.tasks(recorded)]


def test_the_answer_of_a_remote_service(runtime, desk, staff, recorded, breaks):
    desk.complete(staff.person("supervisor", HILL), recorded, "decide", {"verdict": "yes"})
    with runtime.read() as transaction:
        job = pending_services(transaction)[0]

    def act() -> None:
        with runtime.write() as transaction:
            settle_job(runtime, transaction, job=job.key, tries=0, outcome={"waybill": "W"})

    assert breaks(act) >= 6
    assert desk.tasks(recorded) == []


def test_the_next_item_of_a_loop(runtime, desk, staff, breaks):
    clerk = staff.person("clerk", HILL)
    case = desk.start(clerk, "tour", HILL, route="甲线")
    task = desk.task(case.key, "visit")

    def act() -> None:
        desk.do(complete_task, clerk, task=task.key, revision=1, values={"seen": "3"})

    assert breaks(act) >= 8
    assert desk.task(case.key, "visit").key != task.key


def test_an_item_among_others_and_the_last_one_that_ends_the_rest(runtime, desk, staff, breaks):
    clerk = staff.person("clerk", HILL)
    case = desk.start(clerk, "census", HILL, place="山前", houses="3", enough="2").key
    for number in (1, 2):
        task = desk.tasks(case)[number - 1]

        def act(task=task) -> None:
            desk.do(complete_task, clerk, task=task.key, revision=1, values={"persons": "3"})

        assert breaks(act) >= 8
    visits = [row for row in desk.tasks(case) if row.element == "visit"]
    assert len(visits) == 3

    def turn_away() -> None:
        desk.do(complete_task, clerk, task=visits[1].key, revision=1, values={"remark": "拒"})

    assert breaks(turn_away) >= 8
    assert [row.element for row in desk.tasks(case)] == ["report"]


def test_moving_a_case_to_another_version_and_back(runtime, desk, staff, kit, breaks):
    """What changes is renamed, dropped and armed anew: rows of every kind are written."""
    publisher, clerk = staff.person("publisher"), staff.person("clerk", HILL)
    case = desk.start(clerk, "approval", HILL, **PARCEL).key
    desk.complete(clerk, case, "record", {"weight": "3"})
    files = dict(kit.library.folders["approval"])
    drawn = files["approval.bpmn"].decode().replace('"decide"', '"approve"').replace('"remind"', '"nudge"')
    files["approval.bpmn"] = drawn.replace('name="快到期"', 'name="该催了"').encode()
    desk.do(deploy, publisher, bundle=kit.library.with_folder("approval", files).bundle("approval"))
    with runtime.read() as transaction:
        new, old = definitions.versions(transaction, "approval")
    given = {"process": "approval", "source": old.key, "target": new.key, "reason": "改图"}
    key = desk.do(plan_migration, publisher, **given).key
    for order, one in ((run_migration, migrate_case), (undo_migration, undo_case_migration)):
        while work_off_migrations(runtime):
            pass
        desk.do(order, publisher, migration=key)
        with runtime.read() as transaction:
            batch = case_migrations.find(transaction, key)

        def act(one=one, batch=batch) -> None:
            with runtime.write() as transaction:
                one(runtime, transaction, migration=batch, case=case)

        assert breaks(act) >= 12
    assert desk.task(case, "decide")

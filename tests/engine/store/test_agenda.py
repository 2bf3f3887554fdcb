"""An idle node asks one question; each thing that waits for a node is seen by it, and nothing else is."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.plan_migration import plan_migration
from engine.commands.publish_message import publish_message
from engine.model import SYSTEM
from engine.store import deliveries, jobs
from engine.store import tables as t
from engine.store.agenda import Agenda, agenda
from tests.engine.world import WHY, World

NOTHING = Agenda(**dict.fromkeys((field.name for field in fields(Agenda)), False))


@pytest.fixture
def look(runtime):
    def ask() -> Agenda:
        with runtime.read() as transaction:
            return agenda(transaction, runtime.clock.now())

    return ask


def test_what_there_is_to_do_is_seen(runtime, desk, staff, clock, kit, look):
    world = World(runtime, desk, staff, clock, kit)
    world.recorded()
    assert look() == NOTHING
    clock.advance(timedelta(days=40))
    assert look() == replace(NOTHING, in_order=True)
    desk.run_due()
    assert look() == NOTHING
    desk.do(publish_message, SYSTEM, name="nobody", key="A1", life=timedelta(hours=1))
    clock.advance(timedelta(hours=2))
    assert look() == replace(NOTHING, in_order=True)
    with runtime.write() as transaction:
        message = transaction.execute(sa.select(t.message.c.key)).scalar_one()
        deliveries.of_message(transaction, message, deliveries.WAITING)
    desk.run_due()
    assert look() == NOTHING


def test_services_and_batches_are_seen_by_whoever_works_them_off(runtime, desk, staff, clock, kit, look):
    world = World(runtime, desk, staff, clock, kit)
    desk.complete(world.supervisor, world.recorded(), "decide", {"verdict": "yes"})
    assert look() == replace(NOTHING, services=True)
    with runtime.write() as transaction:
        [row] = jobs.due(transaction, 5)
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED}])
    assert look() == replace(NOTHING, queued=True)
    with runtime.write() as transaction:
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.WAITING}])
    desk.run_due()
    _, old, new = world.versions()
    desk.do(plan_migration, world.publisher, process="approval", source=old, target=new, reason=WHY)
    assert look() == replace(NOTHING, migrations=True)
    world.repair()
    assert look() == replace(NOTHING, migrations=True, repairs=True)

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.step import Beginning, begin_case
from engine.errors import Conflict, Invalid
from engine.model import SYSTEM
from engine.store import tables as t
from engine.testing.places import HILL, LAKE, NORTH, PORT, SOUTH
from tests.engine.commands.drawn import by_time, put

CITY = "4107"


@pytest.fixture
def started(office):
    def look():
        with office.desk.runtime.read() as transaction:
            return transaction.execute(sa.select(t.case.c.region, t.case.c.started_at).order_by(t.case.c.key)).all()

    return look


def _put(office, kit, *timer):
    put(office.desk, kit.library, "stocktaking", by_time("stocktaking", *timer))


def test_time_starts_a_case_once(office, kit, clock, started):
    _put(office, kit, "timeDuration", "PT1H")
    assert office.desk.run_due() == 0
    clock.advance(timedelta(days=3))
    office.desk.run_due()
    assert [row.region for row in started()] == [CITY]
    assert office.desk.run_due() == 0


@pytest.mark.parametrize(
    ("level", "places"), [("city", [CITY]), ("county", [NORTH, SOUTH]), ("township", [HILL, LAKE, PORT])]
)
def test_time_starts_a_case_for_every_place_of_a_level(office, kit, clock, started, level, places):
    _put(office, kit, "timeDuration", "PT1H", level)
    clock.advance(timedelta(hours=1))
    office.desk.run_due()
    assert sorted(row.region for row in started()) == places


def test_a_cycle_that_was_missed_is_made_up_for_and_ends_after_its_count(office, kit, clock, started):
    _put(office, kit, "timeCycle", "R3/PT24H")
    clock.advance(timedelta(days=2, hours=1))
    office.desk.run_due()
    assert len(started()) == 2
    clock.advance(timedelta(days=30))
    office.desk.run_due()
    assert len(started()) == 3
    assert office.desk.run_due() == 0


def test_a_timer_drawn_as_before_keeps_its_firing_and_one_drawn_anew_begins_again(office, kit, clock, started):
    _put(office, kit, "timeCycle", "R/PT24H")
    clock.advance(timedelta(hours=23))
    _put(office, kit, "timeCycle", "R/PT24H", "county")
    clock.advance(timedelta(hours=1))
    office.desk.run_due()
    assert [row.region for row in started()] == [NORTH, SOUTH]
    _put(office, kit, "timeCycle", "R/PT12H")
    clock.advance(timedelta(hours=11))
    assert office.desk.run_due() == 0
    clock.advance(timedelta(hours=1))
    office.desk.run_due()
    assert len(started()) == 3


def test_a_process_that_only_events_start_is_not_started_by_hand(office, kit, started):
    _put(office, kit, "timeDuration", "PT1H")
    with office.desk.runtime.write() as transaction:
        beginning = Beginning(office.desk.runtime.latest(transaction, "stocktaking"), HILL, {}, "web")
        with pytest.raises(Conflict, match="only messages, signals or time start"):
            begin_case(office.desk.runtime, transaction, SYSTEM, beginning)
    assert started() == []


def test_a_timed_start_whose_time_cannot_be_told_is_not_deployed(office, kit):
    with pytest.raises(Invalid) as refused:
        _put(office, kit, "timeDuration", "=case.id")
    assert "请" in refused.value.message.zh


def test_timers_and_timed_starts_fire_in_the_order_they_were_due(office, kit, clock):
    _put(office, kit, "timeCycle", "R/P20D")
    office.desk.start(office.clerk, "waiting", HILL, order_no="A1")
    clock.advance(timedelta(days=5))
    office.desk.start(office.clerk, "waiting", HILL, order_no="A2")
    clock.advance(timedelta(days=60))
    office.desk.run_due()
    with office.desk.runtime.read() as transaction:
        entered = transaction.execute(sa.select(t.activity.c.process, t.activity.c.element).order_by(t.activity.c.key))
        done = [element for process, element in entered if process == "stocktaking" or element == "expired"]
    # Due on day 20, 30, 35, 40 and 60.
    assert done == ["start", "look", "expired", "expired", "start", "look", "start", "look"]

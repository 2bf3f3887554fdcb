"""Time as departments live it: cycles that end, months that differ, days made up for, downtime, and clocks that jump."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI
from engine.commands.enter_calendar import enter_calendar
from engine.commands.step import Beginning, begin_case
from engine.commands.work import open_work, save
from engine.model import SYSTEM
from engine.store import cases
from engine.store import tables as t
from engine.store.audit import Entry
from engine.testing.places import HILL
from tests.engine.commands.drawn import by_time, put
from tests.engine.spiff.drawing import boundary, catch, diagram, end, start, timer, user

MANY = 60


def _at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def begin(office, kit):
    """Deploy a process drawn in the test and start cases of it."""

    def draw(name, *parts):
        put(office.desk, kit.library, name, diagram(name, start("s"), end("e"), *parts).xml)

        def start_one(**values):
            runtime = office.desk.runtime
            with runtime.write() as transaction:
                beginning = Beginning(runtime.latest(transaction, name), HILL, values, "web")
                return begin_case(runtime, transaction, SYSTEM, beginning).key

        return start_one

    return draw


@pytest.fixture
def rung(office):
    """When something happened, in the order in which it did: element -> times."""

    def look(element, case=None):
        query = sa.select(t.activity.c.entered_at).where(t.activity.c.element == element).order_by(t.activity.c.key)
        with office.desk.runtime.read() as transaction:
            return list(transaction.execute(query.where(t.activity.c.case == case) if case else query).scalars())

    return look


@pytest.fixture
def due(office):
    """When the waiting timers are due."""

    def look(case=None):
        query = sa.select(t.job.c.due_at).where(t.job.c.kind == "timer", t.job.c.status == "waiting")
        with office.desk.runtime.read() as transaction:
            return sorted(transaction.execute(query.where(t.job.c.case == case) if case else query).scalars())

    return look


def _day_by_day(office, clock, days):
    fired = []
    for _ in range(days):
        clock.advance(timedelta(days=1))
        if office.desk.run_due():
            fired.append(clock.now().date())
    return fired


@pytest.mark.parametrize(
    ("cycle", "days"),
    [
        ("R3/P1D", [24, 25, 26]),
        ("R/P2D/2026-09-30T00:00:00+08:00", [25, 27, 29]),
        ("R2/2026-09-26T09:00:00+08:00/P1D", [26, 27]),
        ("R/2026-09-20T09:00:00+08:00/P3D/2026-09-29T09:00:00+08:00", [23, 26, 29]),
    ],
)
def test_a_reminder_repeats_until_its_count_or_its_end(office, clock, begin, cycle, days):
    reminded = (user("look", "hurry"), boundary("again", "look", timer("timeCycle", cycle), False))
    begin("reminded", *reminded, "s>look>e", "again>hurry>e")()
    today = [clock.now().date()] if office.desk.run_due() else []
    assert today + _day_by_day(office, clock, 12) == [date(2026, 9, day) for day in days]


def test_a_reminder_ends_with_its_task(office, clock, begin):
    reminded = (user("look", "hurry"), boundary("again", "look", timer("timeCycle", "R/P1D"), False))
    case = begin("reminded", *reminded, "s>look>e", "again>hurry>e")()
    assert len(_day_by_day(office, clock, 2)) == 2
    office.desk.complete(office.clerk, case, "look")
    assert _day_by_day(office, clock, 5) == []


def test_a_month_after_its_last_day_is_the_last_day_and_the_grid_does_not_drift(office, kit, clock, rung):
    clock.set(_at(8, 31, 9))
    put(office.desk, kit.library, "stocktaking", by_time("stocktaking", "timeCycle", "R4/P1M"))
    clock.set(_at(1, 15, 9, 2027))
    office.desk.run_due()
    with office.desk.runtime.read() as transaction:
        starts = [row.values for row in transaction.execute(sa.select(t.start_timer.c.due_at.label("values")))]
    assert starts == [_at(12, 31, 9)], "30 September, 31 October, 30 November and 31 December have passed"
    assert len(rung("start")) == 4


def test_days_made_up_for_count_and_days_off_do_not(begin, due, clock):
    clock.set(_at(9, 30, 10))
    case = begin("counted", catch("c", timer("timeDate", "=workdays after(today(), 4)")), "s>c>e")()
    # 1 to 7 October are off; 8, 9, Saturday 10 (made up for) and Monday 12 are worked.
    assert due(case) == [_at(10, 13)]


def test_a_calendar_entered_meanwhile_moves_timers_and_timed_starts_and_both_fire_then_alone(
    office, kit, clock, begin, due, rung
):
    clock.set(_at(12, 30, 10))
    until = "=workdays after(today(), 2)"
    case = begin("counted", catch("c", timer("timeDate", until)), "s>c>e")()
    put(office.desk, kit.library, "stocktaking", by_time("stocktaking", "timeDate", until))
    before = due(case)[0]
    off = [date(2027, 1, day) for day in (1, 2, 3, 4, 5)]
    told = office.desk.do(enter_calendar, SYSTEM, year=2027, off_days=off, makeup_workdays=[], source="通知")
    after = due(case)[0]
    assert (before, after, told.recomputed) == (_at(1, 5, year=2027), _at(1, 7, year=2027), 2)
    clock.set(after - timedelta(seconds=1))
    assert office.desk.run_due() == 0
    clock.set(after)
    office.desk.run_due()
    assert (len(rung("e", case)), len(rung("start"))) == (1, 1)


def test_a_case_whose_time_can_no_longer_be_told_is_an_incident_and_the_others_move(office, clock, begin, due):
    clock.set(_at(12, 30, 10))
    counted = (catch("c", timer("timeDate", "=workdays after(from, 2)")), user("change"))
    start_one = begin("counted", '<parallelGateway id="g"/>', *counted, "s>g", "g>c>e", "g>change>e")
    well, broken = start_one(**{"from": date(2026, 12, 30)}), start_one(**{"from": date(2026, 12, 30)})
    _lose(office, broken, "from")
    off = [date(2027, 1, day) for day in (1, 2, 3, 4, 5)]
    kept = due(broken)
    told = office.desk.do(enter_calendar, SYSTEM, year=2027, off_days=off, makeup_workdays=[], source="通知")
    assert (told.recomputed, due(well), due(broken)) == (1, [_at(1, 7, year=2027)], kept)
    with office.desk.runtime.read() as transaction:
        incidents = transaction.execute(sa.select(t.incident.c.case, t.incident.c.element)).all()
    assert incidents == [(broken, "c")]


def _lose(office, case, name):
    """Overwrite a variable with nothing, as a later step might."""
    runtime = office.desk.runtime
    with runtime.write() as transaction:
        work = open_work(runtime, transaction, SYSTEM, cases.lock(transaction, case))
        work.run.write({name: None})
        work.variables.write(work.run.step.variables, ())
        save(work, Entry("test", f"case:{case}"))


def test_after_downtime_everything_is_caught_up_with_in_the_order_it_was_due(office, clock, begin):
    start_one = begin("waits", catch("c", timer("timeDuration", "=duration(wait)")), "s>c>e")
    spans = [(number * 37) % MANY + 1 for number in range(MANY)]
    waits = {start_one(wait=f"PT{span}M"): span for span in spans}
    clock.advance(timedelta(days=30))
    assert office.desk.run_due() == MANY
    with office.desk.runtime.read() as transaction:
        query = sa.select(t.activity.c.case).where(t.activity.c.element == "e").order_by(t.activity.c.key)
        order = [waits[case] for case in transaction.execute(query).scalars()]
    assert order == sorted(spans)
    assert office.desk.run_due() == 0


def test_a_timer_whose_step_fails_among_many_becomes_an_incident_and_the_others_fire(office, clock, begin):
    start_one = begin(
        "waits", catch("c", timer("timeDuration", "=duration(wait)")), catch("d", timer("timeDuration", "=duration(more)")), "s>c>d>e"
    )
    started = [start_one(wait=f"PT{number}M", more="P9D") for number in range(1, 6)]
    broken = started[2]
    _lose(office, broken, "more")
    clock.advance(timedelta(hours=1))
    assert office.desk.run_due() == len(started)
    with office.desk.runtime.read() as transaction:
        incidents = transaction.execute(sa.select(t.incident.c.case, t.incident.c.element)).all()
        waits = transaction.execute(sa.select(t.job.c.case).where(t.job.c.status == "waiting", t.job.c.element == "d"))
        assert sorted(waits.scalars()) == [case for case in started if case != broken]
    assert incidents == [(broken, "d")]


def test_a_clock_that_jumps_back_fires_nothing_twice_and_nothing_early(office, clock, begin, rung):
    start_one = begin("waits", catch("c", timer("timeDuration", "PT1H")), catch("d", timer("timeDuration", "PT1H")), "s>c>d>e")
    case, noon = start_one(), clock.now()
    clock.advance(timedelta(hours=1))
    assert office.desk.run_due() == 1
    clock.set(noon - timedelta(days=2))
    late = start_one()
    assert office.desk.run_due() == 0
    clock.set(noon + timedelta(minutes=30))
    assert office.desk.run_due() == 1, "the case begun while the clock was behind"
    assert [len(rung("d", one)) for one in (case, late)] == [1, 1]
    clock.set(noon + timedelta(days=1))
    office.desk.run_due()
    assert [len(rung("e", one)) for one in (case, late)] == [1, 1]

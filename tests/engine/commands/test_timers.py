from datetime import date, datetime, timedelta

import pytest

from engine.clock import SHANGHAI, end_of_day
from engine.commands.complete_task import complete_task
from engine.commands.enter_calendar import enter_calendar
from engine.commands.trigger_timer import trigger_timer
from engine.errors import Forbidden, Invalid
from engine.jobs.run import run_job
from engine.model import SYSTEM
from engine.queries.calendars import calendars
from engine.queries.case import case_page
from engine.queries.worklist import worklist
from engine.store import jobs
from engine.testing.places import HILL, PORT

HOLIDAYS_2027 = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)]


def _at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def _timers(office, case) -> dict[str, datetime]:
    page = office.desk.ask(case_page, office.supervisor, case.key)
    return {timer.element: timer.due.at for timer in page.timers}


def test_working_days_are_counted_over_the_holiday_and_end_at_midnight(office, clock):
    clock.set(_at(9, 24, 20))  # Thursday; Friday to Sunday are off
    case = office.recorded()
    assert _timers(office, case) == {"remind": _at(9, 30), "late": _at(10, 1)}
    task = office.desk.ask(worklist, office.supervisor).rows[0]
    assert (task.due.at, task.due.working_days_left, task.due.provisional) == (_at(10, 1), 3, False)


def test_nothing_fires_a_second_too_early_and_everything_when_it_is_time(office, clock):
    clock.set(_at(9, 24, 20))
    case = office.recorded()
    clock.set(_at(9, 30) - timedelta(microseconds=1))
    assert office.desk.run_due() == 0
    clock.set(_at(9, 30))
    assert office.desk.run_due() == 1
    assert [row.element for row in office.desk.tasks(case.key)] == ["decide", "hurry"]
    clock.set(_at(10, 1))
    assert office.desk.run_due() == 1
    assert [row.element for row in office.desk.tasks(case.key)] == ["hurry", "takeover"]
    assert _timers(office, case) == {}


def test_after_a_long_absence_everything_due_fires_once_in_order(office, clock):
    case = office.recorded()
    clock.set(_at(12, 1))
    assert office.desk.run_due() == 2
    assert office.desk.run_due() == 0
    history = [row.element for row in office.desk.ask(case_page, office.clerk, case.key).history]
    assert history.index("hurry") < history.index("takeover")


def test_a_number_differs_by_region_where_policy_says_so(office, staff):
    clerk = staff.person("clerk", PORT)
    case = office.desk.start(clerk, "approval", PORT, sender_name="李", phone="13800000002", amount="5")
    office.desk.complete(clerk, case.key, "record", {"weight": "1"})
    due = office.desk.ask(worklist, staff.person("supervisor", PORT)).rows[0].due
    assert due.at == end_of_day(date(2026, 10, 8))  # five working days after 23 September


def test_completing_in_time_cancels_the_timers(office, clock):
    case = office.recorded()
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "no"})
    clock.set(_at(12, 1))
    assert office.desk.run_due() == 0


def test_a_timer_handed_over_twice_fires_once(office, clock):
    case = office.recorded()
    clock.set(_at(10, 8))
    with office.desk.runtime.write() as transaction:
        due = [row for row in jobs.pending_timers(transaction) if row.due_at <= transaction.now]
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED} for row in due])
    for _ in range(3):
        for row in due:
            run_job(office.desk.runtime, row.key, row.tries)
    assert sorted(row.element for row in office.desk.tasks(case.key)) == ["hurry", "takeover"]


def test_a_timer_handed_over_while_its_task_is_completed_is_a_no_op(office, clock):
    case = office.recorded()
    clock.set(_at(10, 8))
    with office.desk.runtime.write() as transaction:
        due = [row for row in jobs.pending_timers(transaction) if row.due_at <= transaction.now]
        jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED} for row in due])
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "no"})
    for row in due:
        with office.desk.runtime.write() as transaction:
            assert not trigger_timer(office.desk.runtime, transaction, job=row.key, tries=row.tries)
    assert office.desk.ask(case_page, office.clerk, case.key).summary.end_name == "不同意"


def test_a_task_can_still_be_completed_until_its_timer_has_fired(office, clock):
    case = office.recorded()
    clock.set(_at(10, 8))
    task = office.desk.task(case.key, "decide")
    office.desk.do(complete_task, office.supervisor, task=task.key, revision=task.revision, values={"verdict": "no"})


def test_a_due_time_counted_in_a_year_not_announced_is_provisional_and_alarms(office, staff):
    case = office.desk.start(office.clerk, "season", HILL, goods="月饼")
    row = office.desk.ask(worklist, office.clerk).rows[0]
    assert row.due.provisional
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert [timer.due.provisional for timer in page.timers] == [True]
    with office.desk.runtime.read() as transaction:
        seen = calendars(office.desk.runtime, transaction)
    assert (seen.alarm, seen.provisional_due_times, [year for year, _ in seen.years]) == (True, 2, [2026])


def test_entering_the_year_counts_every_pending_due_time_again(office, staff):
    case = office.desk.start(office.clerk, "season", HILL, goods="月饼")
    settled = office.recorded()
    before, untouched = _timers(office, case), _timers(office, settled)
    entered = office.desk.do(
        enter_calendar,
        staff.person("admin"),
        year=2027,
        off_days=HOLIDAYS_2027,
        makeup_workdays=[],
        source="通知〔2026〕9号",
    )
    after = office.desk.ask(case_page, office.clerk, case.key).timers[0].due
    assert entered.recomputed == 2
    assert after.at == before["over"] + timedelta(days=1)  # Monday 4 January became a day off
    assert not after.provisional
    row = next(row for row in office.desk.ask(worklist, office.clerk).rows if row.case == case.key)
    assert (row.due.at, row.due.provisional) == (after.at, False)
    assert _timers(office, settled) == untouched
    with office.desk.runtime.read() as transaction:
        assert not calendars(office.desk.runtime, transaction).alarm


def test_a_recomputed_timer_fires_at_its_new_time_alone(office, clock, staff):
    case = office.desk.start(office.clerk, "season", HILL, goods="月饼")
    before = _timers(office, case)["over"]
    office.desk.do(
        enter_calendar, staff.person("admin"), year=2027, off_days=HOLIDAYS_2027, makeup_workdays=[], source="通知"
    )
    clock.set(before)
    assert office.desk.run_due() == 0
    clock.set(before + timedelta(days=1))
    assert office.desk.run_due() == 1
    assert [row.element for row in office.desk.tasks(case.key)] == ["destroy"]


def test_entering_the_same_year_again_moves_nothing(office, staff):
    office.desk.start(office.clerk, "season", HILL, goods="月饼")
    answers = [
        office.desk.do(
            enter_calendar, SYSTEM, year=2027, off_days=HOLIDAYS_2027, makeup_workdays=[], source="通知"
        ).recomputed
        for _ in range(2)
    ]
    assert answers == [2, 0]


def test_a_calendar_is_entered_by_administrators_with_days_that_can_be_and_a_source(office, staff):
    days = {"year": 2027, "off_days": HOLIDAYS_2027, "makeup_workdays": []}
    with pytest.raises(Forbidden):
        office.desk.do(enter_calendar, office.clerk, **days, source="通知")
    admin = staff.person("admin")
    with pytest.raises(Invalid) as no_source:
        office.desk.do(enter_calendar, admin, **days, source=" ")
    assert no_source.value.fields.keys() == {"source"}
    with pytest.raises(Invalid) as wrong:
        office.desk.do(enter_calendar, admin, **(days | {"off_days": [date(2026, 1, 1)]}), source="通知")
    assert wrong.value.fields.keys() == {"off_days"}

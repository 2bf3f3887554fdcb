from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import (
    SHANGHAI,
    Calendar,
    CalendarYear,
    Duration,
    FixedClock,
    SystemClock,
    YearsMonths,
    add_months,
    end_of_day,
    following,
    parse_duration,
    plan,
    workdays_after,
    workdays_between,
)


def days(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"2026-{day}") for day in text.split())


CALENDAR_2026 = Calendar(
    {
        2026: CalendarYear(
            off_days=days(
                "01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05 04-06 "
                "05-01 05-02 05-03 05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27 "
                "10-01 10-02 10-03 10-04 10-05 10-06 10-07"
            ),
            makeup_workdays=days("01-04 02-14 02-28 05-09 09-20 10-10"),
            source="国办发明电〔2025〕7号",
        )
    }
)
NOW = datetime(2026, 9, 24, 20, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-09-24", 3, "2026-09-30"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-04-30", 20, "2026-06-01"),
        ("2026-07-01", 20, "2026-07-29"),
        ("2026-07-01", 30, "2026-08-12"),
        ("2026-07-01", 45, "2026-09-02"),
        ("2026-10-10", -3, "2026-09-30"),
        ("2026-10-04", 0, "2026-10-04"),
    ],
)
def test_working_days_follow_the_announced_calendar(start: str, count: int, expected: str) -> None:
    assert workdays_after(CALENDAR_2026, date.fromisoformat(start), count) == date.fromisoformat(expected)


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 60))
def test_the_days_between_are_the_days_counted(start: date, count: int) -> None:
    assert workdays_between(CALENDAR_2026, start, workdays_after(CALENDAR_2026, start, count)) == count


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 200))
def test_workdays_between_equals_a_walk_day_by_day(start: date, span: int) -> None:
    walked = [start + timedelta(days=n + 1) for n in range(span)]
    expected = len([day for day in walked if CALENDAR_2026.is_workday(day)])
    assert workdays_between(CALENDAR_2026, start, start + timedelta(days=span)) == expected
    assert workdays_between(CALENDAR_2026, start + timedelta(days=span), start) == -expected


def test_a_year_not_announced_has_weekends_and_fixed_days_and_is_provisional() -> None:
    unknown = Calendar({})
    assert [d for d in range(1, 11) if not unknown.is_workday(date(2027, 10, d))] == [1, 2, 3, 9, 10]
    assert CALENDAR_2026.is_provisional(date(2026, 12, 20), date(2027, 1, 5))
    assert CALENDAR_2026.is_provisional(date(2027, 1, 5), date(2026, 12, 20))
    assert not CALENDAR_2026.is_provisional(date(2026, 1, 1), date(2026, 12, 31))
    draft = Calendar({2026: CalendarYear(frozenset(), frozenset(), provisional=True)})
    assert draft.is_provisional(date(2026, 1, 1), date(2026, 1, 2))


def test_counting_refuses_what_would_take_for_ever() -> None:
    with pytest.raises(ValueError, match="at most"):
        workdays_after(CALENDAR_2026, date(2026, 1, 1), 10**9)
    with pytest.raises(ValueError, match="100 years"):
        workdays_between(CALENDAR_2026, date(1, 1, 1), date(9999, 1, 1))
    with pytest.raises(ValueError, match="9999"):
        workdays_after(CALENDAR_2026, date(9999, 12, 30), 30)


def test_a_day_ends_at_midnight_in_shanghai() -> None:
    assert end_of_day(date(2026, 9, 30)).isoformat() == "2026-10-01T00:00:00+08:00"


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-1000, 1000))
def test_adding_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1Y2M", Duration(14, timedelta())),
        ("P3DT4H5M6.5S", Duration(0, timedelta(days=3, hours=4, minutes=5, seconds=6.5))),
        ("P2W", Duration(0, timedelta(weeks=2))),
        ("-PT1H", Duration(0, timedelta(hours=-1))),
    ],
)
def test_durations_are_read(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1D", "P1DT", "P-1D", "P" + "9" * 5000 + "Y", "P999999999999D"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        parse_duration(text)


def test_dates_and_durations_fire_once() -> None:
    assert plan("date", date(2026, 9, 30), NOW).due == end_of_day(date(2026, 9, 30))
    assert plan("date", "2026-09-30T08:00:00", NOW).due == datetime(2026, 9, 30, 8, tzinfo=SHANGHAI)
    assert plan("date", "2026-09-30T00:00:00Z", NOW).due == datetime(2026, 9, 30, 8, tzinfo=SHANGHAI)
    month = plan("duration", YearsMonths(1), datetime(2026, 1, 31, 9, tzinfo=SHANGHAI))
    assert month.due == datetime(2026, 2, 28, 9, tzinfo=SHANGHAI)
    assert plan("duration", timedelta(hours=72), NOW).due == NOW + timedelta(days=3)
    assert following(month) is None


def test_a_monthly_cycle_keeps_the_day_of_its_anchor() -> None:
    schedule = plan("cycle", "R3/P1M", datetime(2026, 1, 31, 9, tzinfo=SHANGHAI))
    fired = []
    while schedule is not None:
        fired.append(schedule.due.date())
        schedule = following(schedule)
    assert fired == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_a_cycle_with_start_fires_at_its_start_and_skips_what_is_past() -> None:
    later = plan("cycle", "R2/2026-10-31T08:00:00/P1M", NOW)
    assert later.due == datetime(2026, 10, 31, 8, tzinfo=SHANGHAI)
    second = following(later)
    assert second is not None
    assert second.due == datetime(2026, 11, 30, 8, tzinfo=SHANGHAI)
    assert following(second) is None
    past = plan("cycle", "R/2020-01-01T08:00:00/P1D", NOW)
    assert past.due == datetime(2026, 9, 25, 8, tzinfo=SHANGHAI)


def test_a_cycle_ends_at_its_end() -> None:
    only = plan("cycle", "R/P1D/2026-09-26T00:00:00", NOW)
    assert following(only) is None
    with pytest.raises(ValueError, match="still fires"):
        plan("cycle", "R/P1D/2026-09-25T00:00:00", NOW)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("cycle", "R/PT0S"),
        ("cycle", "R/PT0.001S"),
        ("cycle", "R0/PT1H"),
        ("cycle", "every day"),
        ("cycle", "R/-P1D"),
        ("duration", "P99999999Y"),
        ("duration", "P101Y"),
        ("duration", "-P1D"),
        ("duration", date(2026, 1, 1)),
        ("date", "tomorrow"),
        ("date", "9000-01-01"),
        ("date", timedelta(days=1)),
    ],
)
def test_timers_that_cannot_be_kept_are_refused(kind: str, value: object) -> None:
    with pytest.raises(ValueError, match="Expected"):
        plan(kind, value, NOW)  # type: ignore[arg-type]  # wrong kinds are the point


def test_the_clock_of_the_demo_is_shifted_and_the_wall_is_not() -> None:
    clock = SystemClock(lambda: timedelta(days=3))
    assert timedelta(days=3) <= clock.now() - clock.wall() + timedelta(seconds=1) < timedelta(days=3, seconds=2)
    fixed = FixedClock(datetime(2026, 9, 24, 20, 0))
    assert fixed.now() == NOW
    assert fixed.advance(timedelta(hours=5)) == fixed.now() == NOW + timedelta(hours=5)
    fixed.set(NOW)
    assert fixed.wall() == NOW

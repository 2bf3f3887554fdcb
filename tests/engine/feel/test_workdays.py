"""The working-day functions read the calendar of the environment and say when it is provisional."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.clock import SHANGHAI, Calendar, CalendarYear
from engine.feel import Environment, evaluate, examine

NATIONAL_DAY = frozenset(date(2026, 10, day) for day in range(1, 8)) | {date(2026, 9, day) for day in (25, 26, 27)}
CALENDAR = Calendar({2026: CalendarYear(NATIONAL_DAY, frozenset({date(2026, 9, 20), date(2026, 10, 10)}))})


@pytest.fixture
def announced() -> Environment:
    return Environment(datetime(2026, 9, 24, 20, 0, tzinfo=SHANGHAI), CALENDAR)


def test_working_days_are_those_of_the_calendar(announced: Environment) -> None:
    assert evaluate("workdays after(now(), 3)", {}, announced) == date(2026, 9, 30)
    assert evaluate('workdays after(date("2026-09-30"), n)', {"n": 3}, announced) == date(2026, 10, 10)
    assert evaluate('workdays between(date("2026-09-30"), date("2026-10-10"))', {}, announced) == Decimal(3)
    assert announced.used_provisional() is False


def test_a_year_not_announced_is_told(announced: Environment) -> None:
    assert evaluate('workdays after(date("2026-12-30"), 3)', {}, announced) == date(2027, 1, 5)
    assert announced.used_provisional() is True


def test_a_fresh_environment_forgets(announced: Environment) -> None:
    evaluate('workdays between(date("2027-01-01"), date("2027-02-01"))', {}, announced)
    assert announced.used_provisional() is True
    assert Environment(announced.now, CALENDAR).used_provisional() is False


@pytest.mark.parametrize(
    "text", ["workdays after(today(), 1.5)", "workdays after(today(), 30000)", "workdays after(1, 1)"]
)
def test_what_cannot_be_counted_is_null(announced: Environment, text: str) -> None:
    evaluation = examine(text, {}, announced)
    assert evaluation.value is None
    assert json.dumps([problem.message.zh for problem in evaluation.problems])
    assert evaluation.problems

"""Working days and ages, which depend on the calendar and the business date."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI
from engine.errors import Text
from engine.feel.functions import Builtin, define
from engine.feel.session import Failure, Session


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date() if value.tzinfo else value.date()
    if not isinstance(value, date):
        raise Failure(
            Text("日期应在公元 1 年到 9999 年之间，结果为空。", "Expected a year from 1 to 9999; it is null.")
        )
    return value


def _workdays_after(session: Session, start: date, count: Decimal) -> date:
    if count != count.to_integral_value() or abs(count) > 10**6:
        raise Failure(
            Text("工作日数应是整数，结果为空。", "Expected an integer number of working days, so it is null.")
        )
    session.spend(int(abs(count)))
    return session.environment.workdays_after(_day(start), int(count))


def _workdays_between(session: Session, a: date, b: date) -> Decimal:
    session.spend(abs((_day(b) - _day(a)).days) // 2)
    return Decimal(session.environment.workdays_between(_day(a), _day(b)))


def _age_on(birth: date, day: date) -> Decimal:
    born, today = _day(birth), _day(day)
    if today < born:
        raise Failure(
            Text("日期应不早于出生日期，结果为空。", "Expected a day not before the birth date, so it is null.")
        )
    return Decimal(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def _age(session: Session, birth: date) -> Decimal:
    return _age_on(birth, session.environment.now.astimezone(SHANGHAI).date())


FUNCTIONS: tuple[Builtin, ...] = (
    define(
        "workdays after(date: date | date and time, n: number) -> date",
        _workdays_after,
        Text(
            "某日之后第 n 个工作日（当日不计）。",
            "Returns the n-th working day after a date, which is not counted itself.",
        ),
        'workdays after(date("2026-03-02"), 3) = date("2026-03-05")',
        with_session=True,
    ),
    define(
        "workdays between(a: date | date and time, b: date | date and time) -> number",
        _workdays_between,
        Text("a 之后到 b（含）的工作日数。", "Returns the number of working days after a, up to and including b."),
        'workdays between(date("2026-03-02"), date("2026-03-05")) = 3',
        with_session=True,
    ),
    define(
        "age(birth date: date | date and time) -> number",
        _age,
        Text("今天的周岁。", "Returns the age in completed years today."),
        'age(date("2000-02-29")) >= 25',
        with_session=True,
    ),
    define(
        "age on(birth date: date | date and time, date: date | date and time) -> number",
        _age_on,
        Text(
            "某日的周岁；生日当天满周岁。",
            "Returns the age in completed years on a date; a year is complete on the birthday.",
        ),
        'age on(date("2008-09-24"), date("2026-09-23")) = 17',
    ),
)

"""Enters the announced days of a year and recomputes what was counted without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from engine.access import may_anywhere
from engine.bundle import read_calendar
from engine.commands.publish_contents import publish_contents
from engine.commands.recompute_timers import recompute_timers
from engine.errors import Forbidden, Invalid, Text
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.runtime.published import CALENDAR
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class EnteredCalendar:
    """The year that is in force now and how many due times it moved."""

    year: int
    recomputed: int


def enter_calendar(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    year: int,
    off_days: Sequence[date],
    makeup_workdays: Sequence[date],
    source: str,
) -> EnteredCalendar:
    """Return the year as entered; every pending due time is counted again in the same transaction.

    Raises Forbidden without the right to administer, Invalid naming the first day that cannot be.
    """
    if actor is not SYSTEM and not may_anywhere(runtime.published(transaction).roles, actor, "administer"):
        raise Forbidden(
            Text("只有系统管理员可以录入日历。", "Expected an administrator; ask one to enter the calendar.")
        )
    if not source.strip():
        message = Text("请填写通知文号。", "Expected the notice's number as source.")
        raise Invalid(message, {"source": message})
    content = _content(year, off_days, makeup_workdays, source)
    _, _, findings = read_calendar(content, f"calendar/{year}.yaml")
    if findings:
        raise Invalid(findings[0].message, {"off_days": findings[0].message})
    publish_contents(runtime, transaction, actor, contents={(CALENDAR, str(year)): content})
    return EnteredCalendar(year, recompute_timers(runtime, transaction, actor))


def _content(year: int, off_days: Sequence[date], makeup_workdays: Sequence[date], source: str) -> bytes:
    days = {"year": year, "source": source, "off_days": sorted(off_days), "makeup_workdays": sorted(makeup_workdays)}
    return yaml.safe_dump(days, allow_unicode=True, sort_keys=False).encode()

"""Deadlines as people say them: working days left or days overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.clock import Calendar, workdays_between


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline seen from now; ``provisional`` when a year not yet announced was counted."""

    at: datetime
    provisional: bool
    working_days_left: int
    overdue_days: int

    @property
    def overdue(self) -> bool:
        """Return whether the deadline has passed."""
        return self.overdue_days > 0


def due(calendar: Calendar, now: datetime, at: datetime | None, provisional: bool) -> Due | None:
    """Return the deadline as seen now; a deadline at 24:00 belongs to the day it ends."""
    if at is None:
        return None
    if at <= now:
        return Due(at, provisional, 0, (now - at).days + 1)
    last_day = (at - timedelta(microseconds=1)).date()
    return Due(at, provisional, workdays_between(calendar, now.date(), last_day), 0)

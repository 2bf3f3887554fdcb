"""Which years of the working-day calendar are announced, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.clock import CalendarYear
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Calendars:
    """The announced years, and the alarm: due times counted in a year that is not announced."""

    years: tuple[tuple[int, CalendarYear], ...]
    provisional_due_times: int

    @property
    def alarm(self) -> bool:
        """Return whether an administrator must enter a year."""
        return self.provisional_due_times > 0


def calendars(runtime: Runtime, transaction: Transaction) -> Calendars:
    """Return the calendar in force and how many pending due times are provisional."""
    published = runtime.published(transaction)
    timers = sa.select(sa.func.count()).where(t.job.c.provisional, t.job.c.status == "waiting")
    tasks = sa.select(sa.func.count()).where(t.user_task.c.provisional, t.user_task.c.status == "open")
    count = sum(int(transaction.execute(query).scalar_one()) for query in (timers, tasks))
    return Calendars(tuple(sorted(published.calendar.years.items())), count)

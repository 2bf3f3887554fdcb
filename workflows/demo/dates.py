"""When the demo plays: cases go back four months from the morning it opens."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.clock import SHANGHAI, Calendar

OPENING = datetime(2026, 9, 23, 8, 40, tzinfo=SHANGHAI)
BEGINNING = datetime(2026, 5, 18, 9, 0, tzinfo=SHANGHAI)
_FROM_HOUR, _TO_HOUR = 8, 18


def office_time(calendar: Calendar, moment: datetime) -> datetime:
    """Return the moment itself in office hours, else the same minute of the next office morning."""
    if moment.hour >= _TO_HOUR:
        moment = (moment + timedelta(days=1)).replace(hour=_FROM_HOUR + 1)
    if moment.hour < _FROM_HOUR:
        moment = moment.replace(hour=_FROM_HOUR + 1)
    while not calendar.is_workday(moment.date()):
        moment += timedelta(days=1)
    return moment

"""The register of persons watched against falling back into poverty, by blind index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.tables import monitored_person


def group_of(transaction: Transaction, person: bytes | None, on: date) -> str | None:
    """Return the group the person is in on the day, None when not monitored or unknown."""
    if person is None:
        return None
    return transaction.execute(_GROUP, {"of_person": person, "on_day": on}).scalar()


def watch(transaction: Transaction, region: str, groups: Mapping[bytes, str], since: date) -> None:
    """Enter persons of a region into the register with their group from a day on."""
    rows = [
        {"region": region, "person": person, "group": group, "since": since, "until": None}
        for person, group in groups.items()
    ]
    if rows:
        _WATCH.run(transaction, rows)


def leave(transaction: Transaction, person: bytes, left_on: date) -> bool:
    """Return whether the person was watched on the day and is not any more from that day on."""
    c = monitored_person.c
    watched = [c.person == person, c.since < left_on, sa.or_(c.until.is_(None), c.until >= left_on)]
    gone = monitored_person.update().where(*watched)
    return bool(transaction.execute(gone.values(until=left_on - timedelta(days=1))).rowcount)


_WATCH = replacing(monitored_person, "group", "since", "until")
_GROUP = (
    sa.select(monitored_person.c.group)
    .where(
        monitored_person.c.person == sa.bindparam("of_person"),
        monitored_person.c.since <= sa.bindparam("on_day"),
        sa.or_(monitored_person.c.until.is_(None), monitored_person.c.until >= sa.bindparam("on_day")),
    )
    .order_by(monitored_person.c.since.desc())
    .limit(1)
)

"""Who answers at night: one person and phone per township and county."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import sqlalchemy as sa

from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.tables import duty_roster

PhoneOf = Callable[[str, str], str | None]


class OnDuty(NamedTuple):
    """The person to be alerted."""

    region: str
    name: str
    phone: str


def on_duty(transaction: Transaction, region: str) -> OnDuty | None:
    """Return the township's person on duty, else the county's, else None."""
    row = transaction.execute(_ON_DUTY, {"in_region": region, "in_county": region[:6]}).first()
    return OnDuty(row.region, row.name, row.phone) if row else None


def assign(transaction: Transaction, people: Iterable[OnDuty]) -> None:
    """Put the people on duty in their regions, instead of those before."""
    rows = [person._asdict() for person in people]
    if rows:
        _ASSIGN.run(transaction, rows)


_ASSIGN = replacing(duty_roster, "name", "phone")
_ON_DUTY = (
    sa.select(duty_roster.c.region, duty_roster.c.name, duty_roster.c.phone)
    .where(duty_roster.c.region.in_((sa.bindparam("in_region"), sa.bindparam("in_county"))))
    .order_by(duty_roster.c.region.desc())
    .limit(1)
)

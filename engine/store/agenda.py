"""What there is to do for a node, asked in one statement: most of the time nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store import case_migrations, deliveries, jobs, lane, messages, repairs
from engine.store import tables as t
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Agenda:
    """Whether something fires, is delivered or expires; services are to be asked, or handed over; batches go on."""

    in_order: bool
    services: bool
    queued: bool
    migrations: bool
    repairs: bool


def agenda(transaction: Transaction, now: datetime) -> Agenda:
    """Return what there is to do at this business time; asks without locking anything."""
    return transaction.every(Agenda, _AGENDA, {"now": now})[0]


_IN_ORDER = (lane.DUE_TIMER, lane.DUE_START, deliveries.ANY_WAITING, messages.ANY_OVER)
_AGENDA = sa.select(
    sa.or_(*(one.exists() for one in _IN_ORDER)),
    jobs.ANY_DUE.exists(),
    jobs.ANY_QUEUED.exists(),
    sa.exists().where(t.migration.c.status.in_(case_migrations.UNDER_WAY)),
    sa.exists().where(t.repair.c.status == repairs.WORKING),
)

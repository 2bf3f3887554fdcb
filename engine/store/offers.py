"""Jobs that wait for outside workers: which are due, and who has taken them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.access import Scope
from engine.store import tables as t
from engine.store.jobs import OFFERED
from engine.store.scope import in_scope
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OfferedJob:
    """A job with what its worker is told of the case; ``entry`` is the process the case runs, with its version."""

    key: int
    type: str
    tries: int
    retries: int
    lease: int
    case: int
    number: str
    region: str
    definition: int
    entry: str
    version: int
    process: str
    element: str
    token: int
    payload: bytes


def due(transaction: Transaction, type_: str, reach: Scope, most: int) -> list[OfferedJob]:
    """Return offered jobs nobody holds now, those due longest first, locked so that nobody else takes them."""
    query = _OFFERED.where(in_scope(_j, reach)).limit(most).with_for_update(of=t.job, skip_locked=True)
    return transaction.every(OfferedJob, query, {"type_": type_, "now": transaction.now})


def any_due(transaction: Transaction, type_: str, reach: Scope) -> bool:
    """Return whether there is something to take; asks without locking anything."""
    query = sa.select(_j.key).where(*_DUE, in_scope(_j, reach)).limit(1)
    return transaction.execute(query, {"type_": type_, "now": transaction.now}).first() is not None


def take(
    transaction: Transaction, rows: Sequence[OfferedJob], worker: str, holder: int | None, until: datetime
) -> None:
    """Lock the jobs for the worker until the moment."""
    if rows:
        values = {"worker": worker, "holder": holder, "due_at": until}
        transaction.execute(_TAKE, [{"key_": row.key, **values} for row in rows])


def extend(transaction: Transaction, key: int, until: datetime) -> None:
    """Move the end of the worker's lock."""
    transaction.execute(_EXTEND, {"key_": key, "due_at": until})


def set_tries_left(transaction: Transaction, key: int, left: int) -> None:
    """Give the job so many tries more than it has used."""
    transaction.execute(_LEFT, {"key_": key, "left": left})


_j = t.job.c
_DUE = (
    _j.type == sa.bindparam("type_"),
    _j.status == OFFERED,
    _j.due_at <= sa.bindparam("now", type_=t.Instant),
)
_OFFERED = (
    sa.select(
        _j.key, _j.type, _j.tries, _j.retries, _j.lease, _j.case, t.case.c.number, _j.region, t.case.c.definition,
        t.case.c.process, t.definition.c.version, _j.process, _j.element, _j.token, _j.payload,
    )
    .join(t.case, t.case.c.key == _j.case)
    .join(t.definition, t.definition.c.key == t.case.c.definition)
    .where(*_DUE)
    .order_by(_j.due_at, _j.key)
)  # fmt: skip
_TAKE = (
    t.job.update()
    .where(_j.key == sa.bindparam("key_"))
    .values({name: sa.bindparam(name) for name in ("worker", "holder", "due_at")} | {"lease": _j.lease + 1})
)
_EXTEND = t.job.update().where(_j.key == sa.bindparam("key_")).values(due_at=sa.bindparam("due_at"))
_LEFT = t.job.update().where(_j.key == sa.bindparam("key_")).values(retries=_j.tries + sa.bindparam("left"))

"""Timers and remote calls as rows: what is due, what was tried, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.cases import CASE_COLUMNS, STATE_COLUMNS, LockedCase, locked_case
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack

# A timer or a connector's job waits and is then queued; one for outside workers stays offered until it is answered.
WAITING, QUEUED, OFFERED = "waiting", "queued", "offered"
DONE, CANCELLED, INCIDENT, SUSPENDED = "done", "cancelled", "incident", "suspended"
TIMER, SERVICE, WORKER = "timer", "service", "worker"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as the store keeps it; ``due_at`` and ``anchor`` in business time.

    ``holder`` is the person whose ``worker`` has the job, or had it last, until ``due_at``.
    """

    key: int
    region: str
    case: int
    token: int
    process: str
    element: str
    kind: str
    type: str
    due_at: datetime
    anchor: datetime
    tries: int
    retries: int
    status: str
    error: str | None
    provisional: bool
    payload: bytes | None
    worker: str | None
    holder: int | None
    lease: int

    @property
    def pending(self) -> bool:
        """Return whether an answer to the job is still awaited."""
        return self.status in (WAITING, QUEUED, OFFERED)

    @property
    def ready(self) -> str:
        """Return the status in which the job is tried again."""
        return OFFERED if self.kind == WORKER else WAITING


def lock(transaction: Transaction, key: int) -> tuple[JobRow, LockedCase] | None:
    """Return the job with its case, both locked for change."""
    return _locked(transaction, _LOCK, key)


def lock_free(transaction: Transaction, key: int) -> tuple[JobRow, LockedCase] | None:
    """Return the job with its case, or None when another transaction holds one of them: this one does not wait."""
    return _locked(transaction, _LOCK_FREE, key)


def _locked(transaction: Transaction, query: sa.Select[Any], key: int) -> tuple[JobRow, LockedCase] | None:
    row = transaction.execute(query, {"key_": key}).first()
    if row is None:
        return None
    columns = tuple(row)
    return JobRow(*columns[: len(_COLUMNS)]), locked_case(columns[len(_COLUMNS) :])


def find(transaction: Transaction, key: int) -> JobRow | None:
    """Return a job without locking."""
    return transaction.first(JobRow, _FIND, {"key_": key})


def due(transaction: Transaction, most: int) -> list[JobRow]:
    """Return services to be asked whose time has come, oldest first, locked so that no other node takes them too."""
    return transaction.every(JobRow, _DUE, {"now": transaction.now, "most": most})


def queued(transaction: Transaction) -> list[JobRow]:
    """Return the jobs handed over for execution and not settled yet."""
    return transaction.every(JobRow, _QUEUED)


def set_status(transaction: Transaction, rows: list[dict[str, Any]]) -> None:
    """Set the status of jobs: rows of ``{"key_": …, "status": …}``."""
    if rows:
        transaction.execute(_STATUS, rows)


def take_back(transaction: Transaction, job: JobRow) -> bool:
    """Make a job that was handed over wait again; return False when this try was settled meanwhile."""
    return transaction.execute(_TAKE_BACK, {"key_": job.key, "tries_": job.tries}).rowcount == 1


def retry_at(transaction: Transaction, key: int, tries: int, due_at: datetime, status: str, error: str | None) -> None:
    """Write the outcome of a failed try, or make a job ready for another; nobody holds it then."""
    values = {"key_": key, "tries": tries, "due_at": due_at, "status": status, "error": error}
    transaction.execute(_RETRY, values)


def replan(transaction: Transaction, key: int, due_at: datetime, provisional: bool) -> None:
    """Write a recomputed due time."""
    transaction.execute(_REPLAN, {"key_": key, "due_at": due_at, "provisional": provisional})


def provisional(transaction: Transaction) -> list[JobRow]:
    """Return the pending timers that counted a year not announced yet."""
    return transaction.every(JobRow, _PROVISIONAL)


def pending_timers(transaction: Transaction) -> list[JobRow]:
    """Return every timer that waits."""
    return transaction.every(JobRow, _TIMERS)


def payload(keyring: Keyring, job: JobRow) -> dict[str, Any]:
    """Return a remote job's ``{"variables": …, "headers": …}``."""
    if job.payload is None:
        return {"variables": {}, "headers": {}}
    return dict(unpack(keyring.open(job.payload, b"job:%d" % job.key)))


def add_to_payload(transaction: Transaction, keyring: Keyring, job: JobRow, values: Mapping[str, Any]) -> None:
    """Let whoever takes the job next see these variables too."""
    whole = payload(keyring, job)
    whole["variables"] = {**whole["variables"], **values}
    sealed = keyring.seal(pack(whole), b"job:%d" % job.key)
    transaction.execute(_PAYLOAD, {"key_": job.key, "payload": sealed})


_j = t.job.c
_COLUMNS = tuple(_j[name] for name in JobRow.__slots__)
_JOINED = t.job.join(t.case, t.case.c.key == _j.case).join(t.case_state, t.case_state.c.case == t.case.c.key)
_WITH_CASE = (
    sa.select(*_COLUMNS, *CASE_COLUMNS, *STATE_COLUMNS).select_from(_JOINED).where(_j.key == sa.bindparam("key_"))
)
_LOCK = _WITH_CASE.with_for_update(of=[t.case_state, t.case, t.job])
_LOCK_FREE = _WITH_CASE.with_for_update(of=[t.case_state, t.case, t.job], skip_locked=True)
_FIND = sa.select(*_COLUMNS).where(_j.key == sa.bindparam("key_"))
_IS_DUE = (_j.kind == SERVICE, _j.status == WAITING, _j.due_at <= sa.bindparam("now", type_=t.Instant))
_DUE = (
    sa.select(*_COLUMNS)
    .where(*_IS_DUE)
    .order_by(_j.due_at, _j.key)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
ANY_DUE = sa.select(_j.key).where(*_IS_DUE).limit(1)
_QUEUED = sa.select(*_COLUMNS).where(_j.status == QUEUED).order_by(_j.key)
ANY_QUEUED = sa.select(_j.key).where(_j.status == QUEUED).limit(1)
_PAYLOAD = t.job.update().where(_j.key == sa.bindparam("key_")).values(payload=sa.bindparam("payload"))
_STATUS = t.job.update().where(_j.key == sa.bindparam("key_")).values(status=sa.bindparam("status"))
_TAKE_BACK = (
    t.job.update()
    .where(_j.key == sa.bindparam("key_"), _j.tries == sa.bindparam("tries_"), _j.status == QUEUED)
    .values(status=WAITING)
)
_RETRY = (
    t.job.update()
    .where(_j.key == sa.bindparam("key_"))
    .values(
        {name: sa.bindparam(name) for name in ("tries", "due_at", "status", "error")} | {"worker": None, "holder": None}
    )
)
_ARMED = sa.or_(_j.status == WAITING, _j.status == SUSPENDED)
_REPLAN = (
    t.job.update()
    .where(_j.key == sa.bindparam("key_"), _ARMED)
    .values(due_at=sa.bindparam("due_at"), provisional=sa.bindparam("provisional"))
)
_PROVISIONAL = sa.select(*_COLUMNS).where(_ARMED, _j.kind == "timer", _j.provisional)
_TIMERS = sa.select(*_COLUMNS).where(_ARMED, _j.kind == "timer").order_by(_j.key)

"""Who made a case or a process stand still, since when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.model import Actor
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.jobs import OFFERED, QUEUED, SUSPENDED, WAITING, WORKER
from engine.store.keys import new_key
from engine.store.transaction import Transaction

BY_ITSELF, BY_PROCESS = 1, 2


@dataclass(frozen=True, slots=True)
class Suspension:
    """One suspension; in force while nobody has lifted it."""

    key: int
    subject: str
    region: str
    reason: str
    name: str
    since: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    note: str | None


def subject_of_case(case: int | str) -> str:
    """Return how a suspension names a case."""
    return f"case:{case}"


def subject_of_process(process: str) -> str:
    """Return how a suspension names a process."""
    return f"process:{process}"


def in_force(transaction: Transaction, *subjects: str) -> Suspension | None:
    """Return the oldest suspension of the subjects that nobody has lifted."""
    return transaction.first(Suspension, _IN_FORCE, {"subjects": subjects})


def of_case(transaction: Transaction, row: CaseRow) -> Suspension | None:
    """Return why a case stands still, by itself or with its process; None while it runs."""
    if not row.suspended:
        return None
    return in_force(transaction, subject_of_case(row.key), subject_of_process(row.process))


def of_process(transaction: Transaction, process: str) -> Suspension | None:
    """Return the suspension of a process; who suspends it meanwhile waits until this transaction has ended."""
    _stand_in_line(transaction, process, sa.func.pg_advisory_xact_lock_shared)
    return in_force(transaction, subject_of_process(process))


def impose(transaction: Transaction, subject: str, region: str, actor: Actor, reason: str) -> None:
    """Write down who suspends what."""
    row = {
        "key": new_key(), "subject": subject, "region": region, "reason": reason, "person": actor.person,
        "name": actor.name, "since": transaction.now, "lifted_at": None, "lifted_by": None, "note": None,
    }  # fmt: skip
    transaction.execute(t.suspension.insert(), row)


def lift(transaction: Transaction, key: int, actor: Actor, note: str) -> None:
    """Write down who ended a suspension."""
    values = {"key_": key, "lifted_at": transaction.now, "lifted_by": actor.name, "note": note}
    transaction.execute(_LIFT, values)


def stop_case(transaction: Transaction, case: int) -> None:
    """Make a case stand still: nothing of it is handed out or fires any more."""
    transaction.execute(_STOP_CASE, {"case_": case})
    transaction.execute(_STOP_JOBS.where(_j.case == sa.bindparam("case_")), {"case_": case, "now": transaction.now})


def free_case(transaction: Transaction, case: int) -> None:
    """Let a case go on, unless its process stands still."""
    transaction.execute(_FREE_CASE, {"case_": case})
    transaction.execute(_FREE_JOBS.where(_j.case == sa.bindparam("case_")), {"case_": case})


def stop_process(transaction: Transaction, process: str) -> int:
    """Make every open case of a process stand still; return how many."""
    _stand_in_line(transaction, process, sa.func.pg_advisory_xact_lock)
    stopped = transaction.execute(_STOP_CASES, {"process_": process}).rowcount
    transaction.execute(_STOP_JOBS.where(_j.case.in_(_SUSPENDED_CASES)), {"process_": process, "now": transaction.now})
    return stopped


def free_process(transaction: Transaction, process: str) -> int:
    """Let the cases of a process go on that were not suspended themselves; return of how many it was lifted."""
    freed = transaction.execute(_FREE_CASES, {"process_": process}).rowcount
    transaction.execute(_FREE_JOBS.where(_j.case.in_(_RUNNING_CASES)), {"process_": process})
    return freed


def _stand_in_line(transaction: Transaction, process: str, lock: sa.sql.functions._FunctionGenerator) -> None:
    if transaction.postgresql and transaction.writable:
        transaction.execute(sa.select(lock(sa.func.hashtext(subject_of_process(process)))))


_s, _c, _j = t.suspension.c, t.case.c, t.job.c
_IN_FORCE = (
    sa.select(*(_s[name] for name in Suspension.__slots__))
    .where(_s.subject.in_(sa.bindparam("subjects", expanding=True)), _s.lifted_at.is_(None))
    .order_by(_s.key)
    .limit(1)
)
_LIFT = (
    t.suspension.update()
    .where(_s.key == sa.bindparam("key_"))
    .values({name: sa.bindparam(name) for name in ("lifted_at", "lifted_by", "note")})
)
_OWN = _c.key == sa.bindparam("case_")
_OF_PROCESS = (_c.process == sa.bindparam("process_"), _c.status == "open")
_STOP_CASE = t.case.update().where(_OWN).values(suspended=_c.suspended + BY_ITSELF)
_FREE_CASE = t.case.update().where(_OWN).values(suspended=_c.suspended - BY_ITSELF)
_STOP_CASES = t.case.update().where(*_OF_PROCESS, _c.suspended < BY_PROCESS).values(suspended=_c.suspended + BY_PROCESS)
_FREE_CASES = (
    t.case.update().where(*_OF_PROCESS, _c.suspended >= BY_PROCESS).values(suspended=_c.suspended - BY_PROCESS)
)
_SUSPENDED_CASES = sa.select(_c.key).where(*_OF_PROCESS, _c.suspended > 0)
_RUNNING_CASES = sa.select(_c.key).where(*_OF_PROCESS, _c.suspended == 0)
_STOP_JOBS = (
    t.job.update()
    .where(_j.status.in_((WAITING, QUEUED, OFFERED)))
    .values(
        status=SUSPENDED,
        worker=None,
        holder=None,
        # The end of a lock that is taken away is nothing to wait for.
        due_at=sa.case((_j.worker.is_not(None), sa.bindparam("now", type_=t.Instant)), else_=_j.due_at),
    )
)
_FREE_JOBS = (
    t.job.update()
    .where(
        _j.status == SUSPENDED,
        sa.exists().where(t.case.c.key == _j.case, t.case.c.suspended == 0),
    )
    .values(status=sa.case((_j.kind == WORKER, OFFERED), else_=WAITING))
)

"""User tasks as rows of the worklist, locked together with their case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import Subject
from engine.model import Grant
from engine.store import tables as t
from engine.store.cases import CASE_COLUMNS, STATE_COLUMNS, LockedCase, locked_case
from engine.store.keys import new_key
from engine.store.people import parse_grants
from engine.store.scope import within
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One user task as the store keeps it; times in Shanghai."""

    key: int
    region: str
    case: int
    token: int
    process: str
    element: str
    name: str
    form: str | None
    role: str | None
    people: str
    assignee: int | None
    assignee_name: str | None
    status: str
    created_at: datetime
    claimed_at: datetime | None
    due_at: datetime | None
    provisional: bool
    priority: int
    revision: int
    closed_at: datetime | None
    closed_by: int | None
    closed_name: str | None
    request: str | None
    item: str | None
    others: str
    properties: bytes
    draft: bytes | None
    draft_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """To whom a new task is offered: its first role and the others where each works, people by key."""

    region: str
    role: str | None
    others: tuple[Grant, ...] = ()
    people: tuple[int, ...] = ()
    assignee: int | None = None
    assignee_name: str | None = None


TASK_COLUMNS = tuple(t.user_task.c[name] for name in TaskRow.__slots__)


def lock(transaction: Transaction, key: int) -> tuple[TaskRow, LockedCase] | None:
    """Return the task with its case, both locked for change, or None when there is none."""
    row = transaction.execute(_LOCK, {"key_": key}).first()
    if row is None:
        return None
    columns = tuple(row)
    return TaskRow(*columns[: len(TASK_COLUMNS)]), locked_case(columns[len(TASK_COLUMNS) :])


def find(transaction: Transaction, key: int) -> TaskRow | None:
    """Return the task without locking."""
    return transaction.first(TaskRow, _FIND, {"key_": key})


def assign(transaction: Transaction, task: TaskRow, person: int | None, name: str | None) -> bool:
    """Set or clear the assignee; return False when the task changed since it was read."""
    values: dict[str, Any] = {
        "key_": task.key, "revision_": task.revision, "assignee": person, "assignee_name": name,
        "claimed_at": transaction.now if person is not None else None,
    }  # fmt: skip
    return transaction.execute(_ASSIGN, values).rowcount == 1


def save_draft(transaction: Transaction, task: TaskRow, sealed: bytes) -> None:
    """Keep what was typed so far with the open task."""
    transaction.execute(_DRAFT, {"key_": task.key, "draft": sealed, "draft_at": transaction.now})


def subject_of(task: TaskRow) -> Subject:
    """Return what access predicates look at in a task."""
    return Subject(task.region, task.role, task.assignee, tuple(task.people.split()), parse_grants(task.others))


def open_within(transaction: Transaction, region: str) -> list[tuple[int, bytes]]:
    """Return the open tasks whose role works inside the region with their packed properties, case by case."""
    rows = transaction.execute(_OPEN_WITHIN.where(within(t.user_task.c.region, region)))
    return [(row.key, row.properties) for row in rows]


def offer_instead(transaction: Transaction, task: TaskRow, grant: Grant) -> None:
    """Offer the task to the role and to nobody else any more; its due time and draft stay."""
    transaction.execute(_DROP_OFFERS, {"key_": task.key})
    transaction.execute(_OFFER_INSTEAD, {"key_": task.key, "role": grant.role, "region": grant.region})


def offer_rows(key: int, offer: Offer) -> list[dict[str, Any]]:
    """Return the rows by which the task is found by those it is offered to beside its first role."""
    nobody = {"task": key, "person": None, "role": None, "region": offer.region}
    named = [{**nobody, "person": person} for person in offer.people]
    others = [{**nobody, "role": grant.role, "region": grant.region} for grant in offer.others]
    return [{**row, "key": new_key()} for row in (*named, *others)]


def roles_of_open(transaction: Transaction, case: int) -> dict[int, str | None]:
    """Return the first role that each open task of the case is offered to, by token."""
    return {row.token: row.role for row in transaction.execute(_ROLES_OF_OPEN, {"case_": case})}


def cases_with_due_dates(transaction: Transaction) -> set[int]:
    """Return the cases in which an open task has a due time."""
    return set(transaction.execute(_CASES_WITH_DUE).scalars())


def with_due_date(transaction: Transaction, case: int) -> list[TaskRow]:
    """Return the open tasks of a case that have a due time."""
    return transaction.every(TaskRow, _WITH_DUE, {"case_": case})


def set_due(transaction: Transaction, key: int, due_at: datetime | None, provisional: bool) -> None:
    """Write a recomputed due time; the person's revision stays valid."""
    transaction.execute(_SET_DUE, {"key_": key, "due_at": due_at, "provisional": provisional})


def reschedule(transaction: Transaction, key: int, priority: int, follow_up: datetime | None) -> None:
    """Write the priority, and the time to take the task up again when there is one; revisions stay valid."""
    transaction.execute(_PRIORITY, {"key_": key, "priority": priority})
    if follow_up is not None:
        transaction.execute(_FOLLOW_UP, {"key_": key, "follow_up_at": follow_up})


def draft_place(key: int) -> bytes:
    """Return what a draft is bound to when sealed."""
    return b"draft:%d" % key


_JOINED = t.user_task.join(t.case, t.case.c.key == t.user_task.c.case).join(
    t.case_state, t.case_state.c.case == t.case.c.key
)
_LOCK = (
    sa.select(*TASK_COLUMNS, *CASE_COLUMNS, *STATE_COLUMNS)
    .select_from(_JOINED)
    .where(t.user_task.c.key == sa.bindparam("key_"))
    # Every command locks the case first, then what hangs on it: no two can wait for each other.
    .with_for_update(of=[t.case_state, t.case, t.user_task])
)
_FIND = sa.select(*TASK_COLUMNS).where(t.user_task.c.key == sa.bindparam("key_"))
_ASSIGN = (
    t.user_task.update()
    .where(
        t.user_task.c.key == sa.bindparam("key_"),
        t.user_task.c.revision == sa.bindparam("revision_"),
        t.user_task.c.status == "open",
    )
    .values(
        {name: sa.bindparam(name) for name in ("assignee", "assignee_name", "claimed_at")}
        | {"revision": t.user_task.c.revision + 1}
    )
)
_DRAFT = (
    t.user_task.update()
    .where(t.user_task.c.key == sa.bindparam("key_"), t.user_task.c.status == "open")
    .values(draft=sa.bindparam("draft"), draft_at=sa.bindparam("draft_at"))
)
_OPEN_WITHIN = (
    sa.select(t.user_task.c.key, t.user_task.c.properties)
    .where(t.user_task.c.status == "open")
    .order_by(t.user_task.c.case, t.user_task.c.key)
)
_DROP_OFFERS = t.task_offer.delete().where(t.task_offer.c.task == sa.bindparam("key_"))
_OFFER_INSTEAD = (
    t.user_task.update()
    .where(t.user_task.c.key == sa.bindparam("key_"))
    .values(
        role=sa.bindparam("role"), region=sa.bindparam("region"), people="", others="", assignee=None,
        assignee_name=None, claimed_at=None, revision=t.user_task.c.revision + 1,
    )
)  # fmt: skip
_ROLES_OF_OPEN = sa.select(t.user_task.c.token, t.user_task.c.role).where(
    t.user_task.c.case == sa.bindparam("case_"), t.user_task.c.status == "open"
)
_HAS_DUE = (t.user_task.c.status == "open", t.user_task.c.due_at.is_not(None))
_CASES_WITH_DUE = sa.select(t.user_task.c.case).where(*_HAS_DUE).distinct()
_WITH_DUE = sa.select(*TASK_COLUMNS).where(t.user_task.c.case == sa.bindparam("case_"), *_HAS_DUE)
_SET_DUE = (
    t.user_task.update()
    .where(t.user_task.c.key == sa.bindparam("key_"))
    .values(due_at=sa.bindparam("due_at"), provisional=sa.bindparam("provisional"))
)
_PRIORITY = (
    t.user_task.update().where(t.user_task.c.key == sa.bindparam("key_")).values(priority=sa.bindparam("priority"))
)
_FOLLOW_UP = (
    t.user_task.update()
    .where(t.user_task.c.key == sa.bindparam("key_"))
    .values(follow_up_at=sa.bindparam("follow_up_at"))
)

"""User tasks as programs list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.queries.joined import TASKS
from engine.queries.offers import offered_besides
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import only, search
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_task
from engine.store import people
from engine.store import tables as t
from engine.store.scope import in_scope, offered
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One user task; ``assignee`` is a login.

    It was offered to ``role``, to ``others`` (``role@region role@region``), by name to ``candidates`` (keys of people).
    """

    key: int
    case: int
    number: str
    definition: int
    process: str
    process_name: str
    version: int
    element: str
    name: str
    form: str | None
    role: str | None
    others: str
    candidates: str
    assignee: str | None
    status: str
    created_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    revision: int
    activity: int | None


def search_tasks(runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria) -> Found[TaskLine]:
    """Return the user tasks the actor may see: in cases within reach, offered to the actor's roles, or the actor's."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _u.key, criteria, _line)


def find_task(runtime: Runtime, transaction: Transaction, actor: Actor, task: int) -> TaskLine:
    """Return one user task. Raises NotFound when there is none for this actor."""
    found = only(transaction, _visible(runtime, transaction, actor), _u.key, task, _line)
    if found is None:
        raise unknown_task()
    return found


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    roles = runtime.published(transaction).roles
    reach = scope(roles, actor, "work")
    seen = [
        in_scope(_c, scope(roles, actor, "see_case")),
        offered(_u.role, _u.region, reach),
        _u.key.in_(offered_besides(reach)),
    ]
    if actor.person is not None:
        seen.append(_u.assignee == actor.person)
    return _SELECT.where(sa.or_(*seen))


def logins(transaction: Transaction, keys: set[int]) -> dict[int, str]:
    """Return the logins of people by key."""
    return {person.key: person.login for person in people.everyone(transaction) if person.key in keys} if keys else {}


def _line(row: Any) -> TaskLine:
    return TaskLine(*tuple(row)[: len(TaskLine.__slots__)])


_u, _c, _d, _p, _a = t.user_task.c, t.case.c, t.definition.c, t.person.c, t.activity.c
_ACTIVITY = sa.select(sa.func.max(_a.key)).where(_a.case == _u.case, _a.token == _u.token).scalar_subquery()
_SELECT = sa.select(
    _u.key, _u.case, _c.number, _c.definition, _u.process, _d.name, _d.version, _u.element, _u.name, _u.form,
    _u.role, _u.others, _u.people, _p.login, _u.status, _u.created_at, _u.closed_at, _u.due_at, _u.follow_up_at, _u.priority,
    _u.revision, _ACTIVITY.label("activity"),
).select_from(TASKS.outerjoin(t.person, _p.key == _u.assignee))  # fmt: skip

STATES = {"CREATED": "open", "COMPLETED": "completed", "CANCELED": "cancelled"}
COLUMNS: Columns = {
    "user_task_key": Column("key", _u.key),
    "name": Column("text", _u.name),
    "state": Column("choice", _u.status, STATES),
    "assignee": Column("text", _p.login),
    "element_id": Column("text", _u.element),
    "candidate_group": Column("text", _u.role),
    "business_id": Column("text", _c.number),
    "priority": Column("number", _u.priority),
    "process_definition_id": Column("text", _c.process),
    "process_definition_key": Column("key", _c.definition),
    "process_instance_key": Column("key", _u.case),
    "creation_date": Column("moment", _u.created_at),
    "completion_date": Column("moment", _u.closed_at),
    "due_date": Column("moment", _u.due_at),
    "follow_up_date": Column("moment", _u.follow_up_at),
}

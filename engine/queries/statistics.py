"""How many tokens passed, wait and failed at each element, and how many instances run on each version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.queries.joined import CASES
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ElementCounts:
    """What happened at one element."""

    element: str
    active: int
    cancelled: int
    completed: int
    incidents: int


@dataclass(frozen=True, slots=True)
class Running:
    """How many open instances one version of a process has, with and without an incident."""

    definition: int
    process: str
    version: int
    name: str
    troubled: int
    healthy: int


def of_definition(
    runtime: Runtime, transaction: Transaction, actor: Actor, definition: int
) -> tuple[ElementCounts, ...]:
    """Return the counts of each element of a version, over the cases within the actor's reach."""
    return _counts(runtime, transaction, actor, _c.definition == definition)


def of_case(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> tuple[ElementCounts, ...]:
    """Return the counts of each element of one case; none when it is out of the actor's reach."""
    return _counts(runtime, transaction, actor, _a.case == case)


def waiting_of_case(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> tuple[tuple[str, int], ...]:
    """Return the elements where a case waits for people, time, messages or services, and how many tokens there."""
    reach = scope(runtime.published(transaction).roles, actor, "see_case")
    query = _WAITING.where(in_scope(_a, reach), _a.case == case)
    return tuple((row.element, row.waiting) for row in transaction.execute(query))


def running(runtime: Runtime, transaction: Transaction, actor: Actor, process: str | None = None) -> list[Running]:
    """Return the versions with open instances within the actor's reach, by process and version."""
    reach = scope(runtime.published(transaction).roles, actor, "see_case")
    query = _RUNNING.where(in_scope(_c, reach))
    return transaction.every(Running, query.where(_c.process == process) if process else query)


def _counts(
    runtime: Runtime, transaction: Transaction, actor: Actor, which: sa.ColumnElement[bool]
) -> tuple[ElementCounts, ...]:
    reach = in_scope(_a, scope(runtime.published(transaction).roles, actor, "see_case"))
    found = transaction.every(ElementCounts, _COUNTS.where(which, reach))
    return tuple(found)


def _many(condition: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_a, _c, _d, _i, _j = t.activity.c, t.case.c, t.definition.c, t.incident.c, t.job.c
# Where a token stops that something outside must move; what merely contains other elements does not wait.
_STOPS = (
    "userTask", "serviceTask", "sendTask", "businessRuleTask", "scriptTask", "receiveTask", "manualTask",
    "intermediateCatchEvent", "intermediateThrowEvent", "endEvent",
)  # fmt: skip
_TROUBLED = sa.exists().where(_i.case == _c.key, _i.resolved_at.is_(None))
_BROKEN = sa.exists().where(
    _j.case == _a.case, _j.token == _a.token, _i.job == _j.key, _i.resolved_at.is_(None), _a.left_at.is_(None)
)
_COUNTS = (
    sa.select(
        _a.element,
        _many(_a.left_at.is_(None)),
        _many(sa.and_(_a.left_at.is_not(None), _a.outcome != "completed")),
        _many(_a.outcome == "completed"),
        _many(_BROKEN),
    )
    .select_from(t.activity.join(t.case, _c.key == _a.case))
    .group_by(_a.element)
    .order_by(_a.element)
)
_WAITING = (
    sa.select(_a.element, sa.func.count().label("waiting"))
    .where(_a.left_at.is_(None), _a.kind.in_(_STOPS))
    .group_by(_a.element)
    .order_by(_a.element)
)
_RUNNING = (
    sa.select(_d.key, _d.process, _d.version, _d.name, _many(_TROUBLED), _many(~_TROUBLED))
    .select_from(CASES)
    .where(_c.status == "open")
    .group_by(_d.key, _d.process, _d.version, _d.name)
    .order_by(_d.process, _d.version)
)

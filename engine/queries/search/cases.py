"""Process instances as programs list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.model import Actor
from engine.queries.joined import CASES
from engine.queries.search.criteria import Column, Columns, Condition, Criteria, Found
from engine.queries.search.statement import narrowed, only, search
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.suspensions import subject_of_case, subject_of_process
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One process instance; ``number`` is what people call it by."""

    key: int
    number: str
    region: str
    definition: int
    process: str
    process_name: str
    version: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    parent: int | None
    has_incident: bool
    suspended_at: datetime | None


def search_cases(runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria) -> Found[CaseLine]:
    """Return the process instances within the actor's reach."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _c.key, criteria, _line)


def matching_cases(
    runtime: Runtime, transaction: Transaction, actor: Actor, action: str, conditions: Sequence[Condition], most: int
) -> dict[int, int]:
    """Return the versions of the open cases that meet the conditions, by case, at most so many and one more."""
    reach = scope(runtime.published(transaction).roles, actor, action)
    joined = _SELECT.with_only_columns(_c.key, _c.definition).where(in_scope(_c, reach), _c.status == "open")
    query = narrowed(joined, COLUMNS, conditions).order_by(_c.key).limit(most + 1)
    return dict(tuple(row) for row in transaction.execute(query))


def find_case(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> CaseLine:
    """Return one process instance. Raises NotFound when there is none for this actor."""
    found = only(transaction, _visible(runtime, transaction, actor), _c.key, case, _line)
    if found is None:
        raise unknown_case()
    return found


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    reach = scope(runtime.published(transaction).roles, actor, "see_case")
    return _SELECT.where(in_scope(_c, reach))


def _line(row: Any) -> CaseLine:
    return CaseLine(*tuple(row)[: len(CaseLine.__slots__)])


_c, _d, _i, _s = t.case.c, t.definition.c, t.incident.c, t.suspension.c
HAS_INCIDENT = sa.exists().where(_i.case == _c.key, _i.resolved_at.is_(None))
_STATUS = sa.case((sa.and_(_c.status == "open", _c.suspended > 0), "suspended"), else_=_c.status)
_SUBJECTS = (
    sa.literal(subject_of_case("")).concat(sa.cast(_c.key, sa.Text)),
    sa.literal(subject_of_process("")).concat(_c.process),
)
_SINCE = sa.select(sa.func.min(_s.since)).where(
    _c.suspended > 0, _s.subject.in_(_SUBJECTS), _s.lifted_at.is_(None)
).scalar_subquery()  # fmt: skip
_SELECT = sa.select(
    _c.key, _c.number, _c.region, _c.definition, _c.process, _d.name, _d.version, _STATUS, _c.started_at,
    _c.ended_at, _c.parent, HAS_INCIDENT, _SINCE.label("suspended_at"),
).select_from(CASES)  # fmt: skip

STATES = {"ACTIVE": "open", "SUSPENDED": "suspended", "COMPLETED": "ended", "TERMINATED": "cancelled"}
COLUMNS: Columns = {
    "process_instance_key": Column("key", _c.key),
    "business_id": Column("text", _c.number),
    "process_definition_id": Column("text", _c.process),
    "process_definition_key": Column("key", _c.definition),
    "process_definition_name": Column("text", _d.name),
    "process_definition_version": Column("number", _d.version),
    "state": Column("choice", _STATUS, STATES),
    "start_date": Column("moment", _c.started_at),
    "end_date": Column("moment", _c.ended_at),
    "parent_process_instance_key": Column("key", _c.parent),
    "has_incident": Column("flag", HAS_INCIDENT),
}

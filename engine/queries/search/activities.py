"""Element instances as programs list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import scope
from engine.errors import NotFound, Text
from engine.model import Actor
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import only, search
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One activity or event a token entered; ``kind`` is its BPMN tag."""

    key: int
    case: int
    definition: int
    process: str
    element: str
    name: str
    kind: str
    state: str
    entered_at: datetime
    left_at: datetime | None
    incident: int | None


def search_activities(
    runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria
) -> Found[ActivityLine]:
    """Return the element instances of cases within the actor's reach."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _a.key, criteria, _line)


def find_activity(runtime: Runtime, transaction: Transaction, actor: Actor, activity: int) -> ActivityLine:
    """Return one element instance. Raises NotFound when there is none for this actor."""
    found = only(transaction, _visible(runtime, transaction, actor), _a.key, activity, _line)
    if found is None:
        raise NotFound(Text("没有找到这个步骤。", "Expected an element instance you may see, but there is none here."))
    return found


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    reach = scope(runtime.published(transaction).roles, actor, "see_case")
    return _SELECT.where(in_scope(_a, reach))


def _line(row: Any) -> ActivityLine:
    return ActivityLine(*tuple(row)[: len(ActivityLine.__slots__)])


_a, _c, _i, _j = t.activity.c, t.case.c, t.incident.c, t.job.c
STATE = sa.case((_a.left_at.is_(None), "active"), (_a.outcome == "completed", "completed"), else_="terminated")
_INCIDENT = (
    sa.select(sa.func.max(_i.key))
    .select_from(t.incident.join(t.job, _j.key == _i.job))
    .where(_j.case == _a.case, _j.token == _a.token, _i.resolved_at.is_(None))
    .scalar_subquery()
)
_SELECT = sa.select(
    _a.key, _a.case, _c.definition, _a.process, _a.element, _a.name, _a.kind, STATE, _a.entered_at, _a.left_at,
    _INCIDENT.label("incident"),
).select_from(t.activity.join(t.case, _c.key == _a.case))  # fmt: skip

STATES = {"ACTIVE": "active", "COMPLETED": "completed", "TERMINATED": "terminated"}
KINDS = {
    "BOUNDARY_EVENT": "boundaryEvent", "BUSINESS_RULE_TASK": "businessRuleTask", "CALL_ACTIVITY": "callActivity",
    "END_EVENT": "endEvent", "INTERMEDIATE_CATCH_EVENT": "intermediateCatchEvent",
    "INTERMEDIATE_THROW_EVENT": "intermediateThrowEvent", "MANUAL_TASK": "manualTask",
    "RECEIVE_TASK": "receiveTask", "SCRIPT_TASK": "scriptTask", "SEND_TASK": "sendTask",
    "SERVICE_TASK": "serviceTask", "START_EVENT": "startEvent", "SUB_PROCESS": "subProcess", "TASK": "task",
    "USER_TASK": "userTask", "AD_HOC_SUB_PROCESS": "adHocSubProcess",
}  # fmt: skip
COLUMNS: Columns = {
    "element_instance_key": Column("key", _a.key),
    "process_instance_key": Column("key", _a.case),
    "process_definition_id": Column("text", _a.process),
    "process_definition_key": Column("key", _c.definition),
    "element_id": Column("text", _a.element),
    "element_name": Column("text", _a.name),
    "type": Column("choice", _a.kind, KINDS),
    "state": Column("choice", STATE, STATES),
    "start_date": Column("moment", _a.entered_at),
    "end_date": Column("moment", _a.left_at),
}

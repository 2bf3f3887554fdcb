"""Element instances: search, look at one, its incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.queries.search.activities import COLUMNS, KINDS, ActivityLine, find_activity, search_activities
from engine.queries.search.criteria import Condition
from web.api.incidents import IncidentPage, IncidentQuery, search_incidents_of
from web.api.operation import Operation
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, text_of
from web.context import actor, runtime, tx

_TYPES = {kind: name for name, kind in KINDS.items()}


class ElementInstance(Answer):
    """An activity or event that a token entered."""

    element_instance_key: str
    process_instance_key: str
    root_process_instance_key: str | None
    process_definition_key: str | None
    process_definition_id: str | None
    element_id: str
    element_name: str
    type: str
    state: str
    start_date: datetime
    end_date: datetime | None
    has_incident: bool
    incident_key: str | None
    tenant_id: str = TENANT


ElementInstanceQuery, ElementInstancePage = search_body("ElementInstance", COLUMNS), answer_of(ElementInstance)


def search_element_instances(body: Any) -> Answer:
    """Return element instances of process instances within reach."""
    return found(ElementInstancePage, search_activities(runtime(), tx(), actor(), criteria(body)), _rendered)


def get_element_instance(element_instance_key: int) -> ElementInstance:
    """Return one element instance."""
    return _rendered(find_activity(runtime(), tx(), actor(), element_instance_key))


def search_element_instance_incidents(element_instance_key: int, body: Any) -> Answer:
    """Return the incidents of one element instance."""
    line = find_activity(runtime(), tx(), actor(), element_instance_key)
    here = Condition("element_id", "eq", line.element)
    return search_incidents_of(body, Condition("process_instance_key", "eq", line.case), here)


def _rendered(line: ActivityLine) -> ElementInstance:
    return ElementInstance(
        element_instance_key=str(line.key),
        process_instance_key=str(line.case),
        root_process_instance_key=str(line.case),
        process_definition_key=str(line.definition),
        process_definition_id=line.process,
        element_id=line.element,
        element_name=line.name or line.element,
        type=_TYPES.get(line.kind, "UNKNOWN"),
        state=line.state.upper(),
        start_date=line.entered_at,
        end_date=line.left_at,
        has_incident=line.incident is not None,
        incident_key=text_of(line.incident),
    )


OPERATIONS = (
    Operation(
        "POST", "/element-instances/search", search_element_instances, "see_case", ElementInstanceQuery,
        ElementInstancePage,
    ),
    Operation(
        "GET", "/element-instances/{elementInstanceKey}", get_element_instance, "see_case", answer=ElementInstance
    ),
    Operation(
        "POST", "/element-instances/{elementInstanceKey}/incidents/search", search_element_instance_incidents,
        "see_incident", IncidentQuery, IncidentPage,
    ),
)  # fmt: skip

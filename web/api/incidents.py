"""Incidents: search, look at one, try again what failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.commands.resolve_incident import resolve_incident as resolve
from engine.commands.start_repair import start_repair
from engine.errors import Text
from engine.queries.search.batches import RESOLVE
from engine.queries.search.criteria import Condition
from engine.queries.search.incidents import COLUMNS, IncidentLine, find_incident
from engine.queries.search.incidents import search_incidents as search
from engine.store.incident_filter import IncidentFilter
from engine.store.repairs import RETRY
from web.api.batch_operations import BatchOperationCreated
from web.api.choosing import InstanceFilter, chosen_cases
from web.api.operation import Operation
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, Referenced, text_of
from web.context import actor, runtime, tx
from web.language import said

_ERROR_TYPES = {"service": "JOB_NO_RETRIES", "timer": "JOB_NO_RETRIES"}


class Incident(Answer):
    """A fault that waits for somebody; without an element instance of its own it names the process instance."""

    incident_key: str
    process_definition_id: str
    process_definition_key: str
    process_instance_key: str
    root_process_instance_key: str | None
    element_id: str
    element_instance_key: str
    job_key: str | None
    error_type: str
    error_message: str
    creation_time: datetime
    state: str
    tenant_id: str = TENANT


class IncidentResolutionRequest(Referenced):
    """Tries again what failed; the reference stands in the note that is kept."""


class IncidentResolutionBatch(Referenced, kw_only=True):
    """In which open process instances everything that failed is tried again."""

    filter: InstanceFilter


IncidentQuery, IncidentPage = search_body("Incident", COLUMNS), answer_of(Incident)


def search_incidents_of(body: Any, *more: Condition) -> Answer:
    """Return the incidents within reach."""
    return found(IncidentPage, search(runtime(), tx(), actor(), criteria(body, *more)), _rendered)


def search_incidents(body: Any) -> Answer:
    """Return incidents within reach of the token."""
    return search_incidents_of(body)


def search_process_instance_incidents(process_instance_key: int, body: Any) -> Answer:
    """Return the incidents of one process instance."""
    return search_incidents_of(body, Condition("process_instance_key", "eq", process_instance_key))


def get_incident(incident_key: int) -> Incident:
    """Return one incident."""
    return _rendered(find_incident(runtime(), tx(), actor(), incident_key))


def resolve_incident(incident_key: int, body: IncidentResolutionRequest) -> None:
    """Try again what failed; who asked is kept with the incident."""
    resolve(runtime(), tx(), actor(), incident=incident_key, reason=_reason(body.operation_reference))


def _reason(reference: int | None) -> str:
    more = Text(f"(操作编号 {reference})", f" (operation {reference})") if reference is not None else Text("", "")
    return said(Text(f"通过接口重试{more.zh}", f"Tried again through the interface{more.en}"))


def resolve_process_instance_incidents(process_instance_key: int) -> BatchOperationCreated:
    """Try again everything that failed in one process instance, as a batch."""
    return _resolved_together([process_instance_key], None)


def resolve_incidents_batch_operation(body: IncidentResolutionBatch) -> BatchOperationCreated:
    """Try again everything that failed in the open process instances that meet the filter, one after the other."""
    return _resolved_together(list(chosen_cases("repair", body.filter)), body.operation_reference)


def _resolved_together(cases: list[int], reference: int | None) -> BatchOperationCreated:
    begun = start_repair(
        runtime(), tx(), actor(), action=RETRY, given=IncidentFilter(), cases=cases, reason=_reason(reference)
    )
    return BatchOperationCreated(batch_operation_key=str(begun.key), batch_operation_type=RESOLVE)


def _rendered(line: IncidentLine) -> Incident:
    return Incident(
        incident_key=str(line.key),
        process_definition_id=line.process,
        process_definition_key=str(line.definition or 0),
        process_instance_key=str(line.case or 0),
        root_process_instance_key=text_of(line.case),
        element_id=line.element or line.process,
        element_instance_key=str(line.activity or line.case or 0),
        job_key=text_of(line.job),
        error_type=_ERROR_TYPES.get(line.kind, "UNSPECIFIED"),
        error_message=said(Text(line.message_zh, line.message_en)),
        creation_time=line.opened_at,
        state="RESOLVED" if line.resolved else "ACTIVE",
    )


OPERATIONS = (
    Operation("POST", "/incidents/search", search_incidents, "see_incident", IncidentQuery, IncidentPage),
    Operation("GET", "/incidents/{incidentKey}", get_incident, "see_incident", answer=Incident),
    Operation(
        "POST", "/incidents/{incidentKey}/resolution", resolve_incident, "repair", IncidentResolutionRequest
    ),
    Operation(
        "POST", "/process-instances/{processInstanceKey}/incidents/search", search_process_instance_incidents,
        "see_incident", IncidentQuery, IncidentPage,
    ),
    Operation(
        "POST", "/process-instances/{processInstanceKey}/incident-resolution", resolve_process_instance_incidents,
        "repair", answer=BatchOperationCreated,
    ),
    Operation(
        "POST", "/process-instances/incident-resolution", resolve_incidents_batch_operation, "repair",
        IncidentResolutionBatch, BatchOperationCreated,
    ),
)  # fmt: skip

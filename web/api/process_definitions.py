"""Process definitions: search, look at one, its diagram, its start form, how many tokens are where."""

from __future__ import annotations

from typing import Any

from engine.queries import statistics
from engine.queries.search.definitions import (
    COLUMNS,
    DefinitionLine,
    find_definition,
    search_definitions,
)
from engine.queries.statistics import ElementCounts
from web.api.forms import FormResult, rendered_form
from web.api.operation import Operation
from web.api.searching import SearchPage, answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, Body, Tenant
from web.context import actor, runtime, tx

MOST_LINES = 10_000


class ProcessDefinition(Answer):
    """One deployed version of a process."""

    process_definition_key: str
    process_definition_id: str
    name: str | None
    resource_name: str
    version: int
    has_start_form: bool
    version_tag: str | None = None
    state: str = "ACTIVE"
    tenant_id: str = TENANT


class ElementStatistics(Answer):
    """What happened at one element."""

    element_id: str
    active: int
    canceled: int
    completed: int
    incidents: int


class ElementStatisticsList(Answer):
    """What happened at each element."""

    items: list[ElementStatistics]


class NoFilter(Body):
    """Statistics take no conditions."""


class ElementStatisticsQuery(Body):
    """Statistics over every instance within reach."""

    filter: NoFilter | None = None


class InstanceStatistics(Answer):
    """How many instances of a process are active."""

    process_definition_id: str
    latest_process_definition_name: str | None
    has_multiple_versions: bool
    active_instances_without_incident_count: int
    active_instances_with_incident_count: int
    tenant_id: str = TENANT


class InstanceStatisticsPage(Answer):
    """How many instances of each process are active."""

    items: list[InstanceStatistics]
    page: SearchPage


class InstanceStatisticsQuery(Body):
    """Statistics over every process with active instances within reach."""


class VersionStatistics(Answer):
    """How many instances of one version are active."""

    process_definition_id: str
    process_definition_key: str
    process_definition_name: str | None
    process_definition_version: int
    active_instances_with_incident_count: int
    active_instances_without_incident_count: int
    tenant_id: str = TENANT


class VersionStatisticsPage(Answer):
    """How many instances of each version are active."""

    items: list[VersionStatistics]
    page: SearchPage


class OfProcess(Body):
    """Which process."""

    process_definition_id: str
    tenant_id: Tenant | None = None


class VersionStatisticsQuery(Body):
    """Statistics over the versions of one process."""

    filter: OfProcess


DefinitionQuery, DefinitionPage = search_body("ProcessDefinition", COLUMNS), answer_of(ProcessDefinition)


def search_process_definitions(body: Any) -> Answer:
    """Return deployed versions of processes."""
    return found(DefinitionPage, search_definitions(runtime(), tx(), actor(), criteria(body)), _rendered)


def get_process_definition(process_definition_key: int) -> ProcessDefinition:
    """Return one deployed version."""
    return _rendered(find_definition(runtime(), tx(), actor(), process_definition_key))


def get_process_definition_xml(process_definition_key: int) -> bytes:
    """Return the diagram of a version as it was deployed."""
    line = find_definition(runtime(), tx(), actor(), process_definition_key)
    return runtime().definition(tx(), line.key).files[f"{line.process}.bpmn"]


def get_start_process_form(process_definition_key: int) -> FormResult | None:
    """Return the form that starts an instance; nothing when the process starts without one."""
    line = find_definition(runtime(), tx(), actor(), process_definition_key)
    form = runtime().definition(tx(), line.key).start_form
    return rendered_form(line.key, form.id) if form else None


def get_process_definition_statistics(
    process_definition_key: int, body: ElementStatisticsQuery  # noqa: ARG001 - it takes no conditions
) -> ElementStatisticsList:
    """Return how many tokens are, were and failed at each element of a version."""
    find_definition(runtime(), tx(), actor(), process_definition_key)
    return element_statistics(statistics.of_definition(runtime(), tx(), actor(), process_definition_key))


def get_process_definition_instance_statistics(
    body: InstanceStatisticsQuery,  # noqa: ARG001 - it takes no conditions
) -> InstanceStatisticsPage:
    """Return how many instances of each process are active, with and without an incident."""
    by_process: dict[str, list[statistics.Running]] = {}
    for line in statistics.running(runtime(), tx(), actor()):
        by_process.setdefault(line.process, []).append(line)
    items = [
        InstanceStatistics(
            process_definition_id=process,
            latest_process_definition_name=lines[-1].name,
            has_multiple_versions=len(lines) > 1,
            active_instances_with_incident_count=sum(line.troubled for line in lines),
            active_instances_without_incident_count=sum(line.healthy for line in lines),
        )
        for process, lines in by_process.items()
    ]
    return InstanceStatisticsPage(items=items, page=_whole(len(items)))


def get_process_definition_instance_version_statistics(body: VersionStatisticsQuery) -> VersionStatisticsPage:
    """Return how many instances of each version of a process are active."""
    lines = statistics.running(runtime(), tx(), actor(), body.filter.process_definition_id)
    items = [
        VersionStatistics(
            process_definition_id=line.process,
            process_definition_key=str(line.definition),
            process_definition_name=line.name,
            process_definition_version=line.version,
            active_instances_with_incident_count=line.troubled,
            active_instances_without_incident_count=line.healthy,
        )
        for line in lines
    ]
    return VersionStatisticsPage(items=items, page=_whole(len(items)))


def element_statistics(counts: tuple[ElementCounts, ...]) -> ElementStatisticsList:
    """Return the counts as the interface shows them."""
    return ElementStatisticsList(
        items=[
            ElementStatistics(
                element_id=one.element, active=one.active, canceled=one.cancelled, completed=one.completed,
                incidents=one.incidents,
            )
            for one in counts
        ]
    )  # fmt: skip


def _whole(length: int) -> SearchPage:
    return SearchPage(total_items=length, has_more_total_items=False, start_cursor=None, end_cursor=None)


def _rendered(line: DefinitionLine) -> ProcessDefinition:
    return ProcessDefinition(
        process_definition_key=str(line.key),
        process_definition_id=line.process,
        name=line.name,
        resource_name=f"{line.process}.bpmn",
        version=line.version,
        has_start_form=runtime().definition(tx(), line.key).start_form is not None,
    )


_NEEDS = "see_definition"
_ONE = "/process-definitions/{processDefinitionKey}"
OPERATIONS = (
    Operation(
        "POST", "/process-definitions/search", search_process_definitions, _NEEDS, DefinitionQuery, DefinitionPage
    ),
    Operation("GET", _ONE, get_process_definition, _NEEDS, answer=ProcessDefinition),
    Operation("GET", f"{_ONE}/xml", get_process_definition_xml, _NEEDS, answer="text/xml"),
    Operation("GET", f"{_ONE}/form", get_start_process_form, _NEEDS, answer=FormResult),
    Operation(
        "POST", f"{_ONE}/statistics/element-instances", get_process_definition_statistics, _NEEDS,
        ElementStatisticsQuery, ElementStatisticsList,
    ),
    Operation(
        "POST", "/process-definitions/statistics/process-instances", get_process_definition_instance_statistics,
        _NEEDS, InstanceStatisticsQuery, InstanceStatisticsPage,
    ),
    Operation(
        "POST", "/process-definitions/statistics/process-instances-by-version",
        get_process_definition_instance_version_statistics, _NEEDS, VersionStatisticsQuery, VersionStatisticsPage,
    ),
)  # fmt: skip

"""Process instances: create, search, look at one, count where it is and waits, cancel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from engine.commands.cancel_case import cancel_case
from engine.commands.start_case import start_case
from engine.errors import Conflict, Invalid, Text
from engine.queries import statistics
from engine.queries.search.cases import COLUMNS, CaseLine, find_case, search_cases
from engine.queries.startable import start_regions
from engine.queries.tokens import CHANNEL
from web.api.awaiting import await_end
from web.api.operation import Operation
from web.api.process_definitions import ElementStatisticsList, element_statistics
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, Key, Milliseconds, Referenced, Tenant, Variables, from_json, number, text_of
from web.context import actor, runtime, tx

PLACE = "region:"
NEWEST = -1
_STATES = {"open": "ACTIVE", "suspended": "SUSPENDED", "ended": "COMPLETED", "cancelled": "TERMINATED"}
Tag = Annotated[str, msgspec.Meta(pattern=r"^region:[0-9]{4,12}$")]


class ProcessInstance(Answer):
    """A case; its business id is the number people call it by, its tag the place it belongs to."""

    process_instance_key: str
    process_definition_key: str
    process_definition_id: str
    process_definition_name: str | None
    process_definition_version: int
    state: str
    start_date: datetime
    end_date: datetime | None
    has_incident: bool
    parent_process_instance_key: str | None
    root_process_instance_key: str | None
    business_id: str | None
    tags: list[str]
    process_definition_version_tag: str | None = None
    suspended_date: datetime | None = None
    parent_element_instance_key: str | None = None
    tenant_id: str = TENANT


class CreateProcessInstanceRequest(Referenced):
    """Which process begins, with what, and (as the tag ``region:<code>``) where.

    With ``awaitCompletion`` the answer comes when it has ended, or as 504 after ``requestTimeout`` milliseconds.
    """

    process_definition_id: str | None = None
    process_definition_key: Key | None = None
    process_definition_version: int = NEWEST
    variables: Variables = msgspec.field(default_factory=dict)
    tags: Annotated[list[Tag], msgspec.Meta(max_length=1)] = msgspec.field(default_factory=list)
    await_completion: bool = False
    fetch_variables: list[str] = msgspec.field(default_factory=list)
    request_timeout: Milliseconds | None = None
    tenant_id: Tenant | None = None


class CreatedProcessInstance(Answer):
    """The new process instance."""

    process_instance_key: str
    process_definition_key: str
    process_definition_id: str
    process_definition_version: int
    business_id: str | None
    tags: list[str]
    variables: Variables = msgspec.field(default_factory=dict)
    tenant_id: str = TENANT


class WaitStateStatistics(Answer):
    """How many tokens wait at one element."""

    element_id: str
    waiting_count: int


class WaitStateStatisticsList(Answer):
    """Where a process instance waits."""

    items: list[WaitStateStatistics]


class CancelProcessInstanceRequest(Referenced):
    """Ends the case; without a reason the reference stands for it.

    ``compensate`` runs the compensation handlers of what was completed first; the case is active until that is done.
    """

    reason: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    compensate: bool = False


InstanceQuery, InstancePage = search_body("ProcessInstance", COLUMNS), answer_of(ProcessInstance)


def create_process_instance(body: CreateProcessInstanceRequest) -> CreatedProcessInstance:
    """Begin a process, with the answers to its start form as variables; they are checked as on the pages."""
    process = _process_of(body)
    region = body.tags[0].removeprefix(PLACE) if body.tags else _only_region(process)
    values = from_json(body.variables)
    started = start_case(
        runtime(), tx(), actor(), process=process, region=region, values=values, channel=CHANNEL
    )  # fmt: skip
    version = runtime().latest(tx(), process).row
    return CreatedProcessInstance(
        process_instance_key=str(started.key),
        process_definition_key=str(version.key),
        process_definition_id=process,
        process_definition_version=version.version,
        business_id=started.number,
        tags=[f"{PLACE}{region}"],
    )


def search_process_instances(body: Any) -> Answer:
    """Return the process instances within reach of the token."""
    return found(InstancePage, search_cases(runtime(), tx(), actor(), criteria(body)), _rendered)


def get_process_instance(process_instance_key: int) -> ProcessInstance:
    """Return one process instance."""
    return _rendered(find_case(runtime(), tx(), actor(), process_instance_key))


def get_process_instance_statistics(process_instance_key: int) -> ElementStatisticsList:
    """Return how many tokens are, were and failed at each element of a process instance."""
    find_case(runtime(), tx(), actor(), process_instance_key)
    return element_statistics(statistics.of_case(runtime(), tx(), actor(), process_instance_key))


def get_process_instance_wait_state_statistics(process_instance_key: int) -> WaitStateStatisticsList:
    """Return where a process instance waits for people, time, messages or services, and how many tokens there."""
    find_case(runtime(), tx(), actor(), process_instance_key)
    waiting = statistics.waiting_of_case(runtime(), tx(), actor(), process_instance_key)
    items = [WaitStateStatistics(element_id=element, waiting_count=count) for element, count in waiting]
    return WaitStateStatisticsList(items=items)


def cancel_process_instance(process_instance_key: int, body: CancelProcessInstanceRequest) -> None:
    """End a process instance before its end; who asked is kept."""
    reason = body.reason or reason_of(body.operation_reference)
    cancel_case(runtime(), tx(), actor(), case=process_instance_key, reason=reason, undo=body.compensate)


def reason_of(reference: int | None) -> str:
    """Return the reason that is kept for what a program did: that it was one, and which operation of its own it names."""
    return "API" if reference is None else f"API {reference}"


def _process_of(body: CreateProcessInstanceRequest) -> str:
    """New instances begin on the newest version: it is what was checked against the numbers and roles in force."""
    if (body.process_definition_id is None) == (body.process_definition_key is None):
        raise Invalid(
            Text(
                "请用 processDefinitionId 或 processDefinitionKey 之一指明流程。",
                "Expected either processDefinitionId or processDefinitionKey.",
            )
        )
    if body.process_definition_key is not None:
        asked = runtime().definition(tx(), number(body.process_definition_key)).row
        process, wanted = asked.process, asked.version
    else:
        process, wanted = str(body.process_definition_id), body.process_definition_version
    newest = runtime().latest(tx(), process).row.version
    if wanted not in (NEWEST, newest):
        raise Conflict(
            Text(
                f"新案件只能使用最新版本 {newest}。",
                f"Expected the newest version, which is {newest}: new instances begin on no other.",
            )
        )
    return process


def _only_region(process: str) -> str:
    places = start_regions(runtime(), tx(), actor()).get(process, set())
    if len(places) == 1 and (place := next(iter(places))):
        return place
    message = Text(
        "请在 tags 中写明地区,例如 region:410721101。",
        "Expected the place as a tag, such as region:410721101, because the token reaches more than one.",
    )
    raise Invalid(message, {"tags": message})


def _rendered(line: CaseLine) -> ProcessInstance:
    return ProcessInstance(
        process_instance_key=str(line.key),
        process_definition_key=str(line.definition),
        process_definition_id=line.process,
        process_definition_name=line.process_name,
        process_definition_version=line.version,
        state=_STATES.get(line.status, "ACTIVE"),
        start_date=line.started_at,
        end_date=line.ended_at,
        has_incident=bool(line.has_incident),
        parent_process_instance_key=text_of(line.parent),
        root_process_instance_key=str(line.key),
        business_id=line.number,
        tags=[f"{PLACE}{line.region}"],
        suspended_date=line.suspended_at,
    )


_ONE = "/process-instances/{processInstanceKey}"
OPERATIONS = (
    Operation(
        "POST", "/process-instances", create_process_instance, "start_case", CreateProcessInstanceRequest,
        CreatedProcessInstance, after=await_end,
    ),
    Operation("POST", "/process-instances/search", search_process_instances, "see_case", InstanceQuery, InstancePage),
    Operation("GET", _ONE, get_process_instance, "see_case", answer=ProcessInstance),
    Operation(
        "GET", f"{_ONE}/statistics/element-instances", get_process_instance_statistics, "see_case",
        answer=ElementStatisticsList,
    ),
    Operation(
        "GET", f"{_ONE}/statistics/wait-states", get_process_instance_wait_state_statistics, "see_case",
        answer=WaitStateStatisticsList,
    ),
    Operation(
        "POST", f"{_ONE}/cancellation", cancel_process_instance, "cancel_case", CancelProcessInstanceRequest
    ),
)  # fmt: skip

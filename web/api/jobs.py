"""Jobs of outside workers: activate, complete, fail, throw an error, ask for more time, search."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from engine.commands.activate_jobs import MOST, ActivatedJob
from engine.commands.complete_job import complete_job as complete
from engine.commands.fail_job import fail_job as fail
from engine.commands.throw_job_error import throw_job_error as throw
from engine.commands.update_job import update_job as update
from engine.queries.search.jobs import COLUMNS, JobLine, element_instances
from engine.queries.search.jobs import search_jobs as search
from web.api.activation import seconds, take_jobs
from web.api.operation import Operation
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, Body, Milliseconds, Reference, Tenant, Variables, from_json, text_of, to_json
from web.context import actor, reading, runtime, tx

_STATES = {stored: word for word, stored in COLUMNS["state"].choices.items()}
UNNAMED_WORKER = "worker"


class JobActivationRequest(Body):
    """Which jobs a worker takes, for how long, and how long it waits for one (``requestTimeout``)."""

    type: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    timeout: Milliseconds
    max_jobs_to_activate: Annotated[int, msgspec.Meta(ge=1, le=10**6)]
    worker: str = ""
    fetch_variable: list[str] | None = None
    request_timeout: Milliseconds | None = None
    with_lease: bool | None = None
    tenant_ids: list[Tenant] | None = None
    tenant_filter: Literal["PROVIDED", "ASSIGNED"] | None = None


class ActivatedJobResult(Answer):
    """A job with what its worker needs; ``deadline`` in milliseconds since 1970, the lease only when it was asked."""

    job_key: str
    type: str
    process_instance_key: str
    root_process_instance_key: str | None
    process_definition_key: str
    process_definition_id: str
    process_definition_version: int
    element_id: str
    element_instance_key: str
    custom_headers: dict[str, str]
    worker: str
    retries: int
    deadline: int
    variables: Variables
    business_id: str | None
    job_lease_token: str | None
    priority: int = 0
    kind: str = "BPMN_ELEMENT"
    listener_event_type: str = "UNSPECIFIED"
    user_task: None = None
    tags: list[str] = msgspec.field(default_factory=list)
    physical_tenant_id: str = "default"
    tenant_id: str = TENANT


class JobActivationResult(Answer):
    """The jobs taken."""

    jobs: list[ActivatedJobResult]


class Leased(Body):
    """A worker's word on a job; with a lease it counts only while the activation it came from is the last."""

    job_lease_token: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$")] | None = None


class JobCompletionRequest(Leased):
    """The variables a worker answers with."""

    variables: Variables | None = None


class JobFailRequest(Leased):
    """How many tries the worker leaves the job, and after which pause; without any it becomes an incident."""

    retries: int = 0
    error_message: str = ""
    retry_back_off: Milliseconds | None = None
    variables: Variables | None = None


class JobErrorRequest(Leased, kw_only=True):
    """The business error of a worker, for the event that catches its code."""

    error_code: str
    error_message: str | None = None
    variables: Variables | None = None


class JobChangeset(Body):
    """More time from now, in milliseconds, or another number of tries."""

    retries: int | None = None
    timeout: Milliseconds | None = None


class JobUpdateRequest(Leased, kw_only=True):
    """What changes."""

    changeset: JobChangeset
    operation_reference: Reference | None = None


class Job(Answer):
    """A job as a line of the list; what it was given is for its worker alone."""

    job_key: str
    type: str
    state: str
    worker: str
    retries: int
    deadline: datetime | None
    creation_time: datetime | None
    error_message: str | None
    has_failed_with_retries_left: bool
    element_id: str | None
    element_instance_key: str
    process_definition_id: str | None
    process_definition_key: str | None
    process_instance_key: str
    root_process_instance_key: str | None
    business_id: str | None
    kind: str = "BPMN_ELEMENT"
    listener_event_type: str = "UNSPECIFIED"
    last_update_time: datetime | None = None
    end_time: datetime | None = None
    error_code: str | None = None
    is_denied: bool | None = None
    denied_reason: str | None = None
    custom_headers: dict[str, str] = msgspec.field(default_factory=dict)
    priority: int = 0
    tenant_id: str = TENANT


JobQuery, JobPage = search_body("Job", COLUMNS), answer_of(Job)


def activate_jobs(body: JobActivationRequest) -> JobActivationResult:
    """Take jobs of a service type, for a time; waits for one when there is none."""
    taken = take_jobs(
        body.type,
        body.worker or UNNAMED_WORKER,
        timedelta(milliseconds=body.timeout),
        min(body.max_jobs_to_activate, MOST),
        body.fetch_variable or None,
        seconds(body.request_timeout),
    )
    places = reading(lambda: element_instances(tx(), [(job.case, job.token) for job in taken])) if taken else {}
    leased = bool(body.with_lease)
    return JobActivationResult(jobs=[_activated(job, places.get((job.case, job.token)), leased) for job in taken])


def complete_job(job_key: int, body: JobCompletionRequest) -> None:
    """Take the answer of a worker into its case."""
    complete(runtime(), tx(), actor(), job=job_key, values=from_json(body.variables or {}), lease=_lease(body))


def fail_job(job_key: int, body: JobFailRequest) -> None:
    """Write down that a worker failed: another try later, or an incident."""
    pause = None if body.retry_back_off is None else timedelta(milliseconds=body.retry_back_off)
    fail(
        runtime(), tx(), actor(), job=job_key, retries=body.retries, message=body.error_message, back_off=pause,
        values=from_json(body.variables or {}), lease=_lease(body),
    )  # fmt: skip


def throw_job_error(job_key: int, body: JobErrorRequest) -> None:
    """Take a business error of a worker into its case; one that nothing catches becomes an incident."""
    values = from_json(body.variables or {})
    throw(runtime(), tx(), actor(), job=job_key, code=body.error_code, values=values, lease=_lease(body))


def update_job(job_key: int, body: JobUpdateRequest) -> None:
    """Give a worker more time, or its job another number of tries."""
    timeout = None if body.changeset.timeout is None else timedelta(milliseconds=body.changeset.timeout)
    update(
        runtime(), tx(), actor(), job=job_key, timeout=timeout, retries=body.changeset.retries, lease=_lease(body)
    )  # fmt: skip


def search_jobs(body: Any) -> Answer:
    """Return jobs of the service types the token serves, or within the reach of who watches over them."""
    return found(JobPage, search(runtime(), tx(), actor(), criteria(body)), _rendered)


def _lease(body: Leased) -> int | None:
    return None if body.job_lease_token is None else int(body.job_lease_token)


def _activated(job: ActivatedJob, place: int | None, leased: bool) -> ActivatedJobResult:
    return ActivatedJobResult(
        job_key=str(job.key),
        type=job.type,
        process_instance_key=str(job.case),
        root_process_instance_key=str(job.case),
        process_definition_key=str(job.definition),
        process_definition_id=job.entry,
        process_definition_version=job.version,
        element_id=job.element,
        element_instance_key=str(place or job.key),
        custom_headers=dict(job.headers),
        worker=job.worker,
        retries=job.retries,
        deadline=int(job.deadline.timestamp() * 1000),
        variables=to_json(job.variables),
        business_id=job.number,
        job_lease_token=str(job.lease) if leased else None,
        tags=[f"region:{job.region}"],
    )


def _rendered(line: JobLine) -> Job:
    return Job(
        job_key=str(line.key),
        type=line.type,
        state=_STATES.get(line.status, "CREATED"),
        worker=line.worker or "",
        retries=max(line.left, 0),
        deadline=line.due_at if line.worker else None,
        creation_time=line.created_at,
        error_message=line.error,
        has_failed_with_retries_left=line.status == "open" and line.tries > 0,
        element_id=line.element,
        element_instance_key=str(line.activity or line.key),
        process_definition_id=line.process,
        process_definition_key=text_of(line.definition),
        process_instance_key=str(line.case),
        root_process_instance_key=str(line.case),
        business_id=line.number,
    )


OPERATIONS = (
    Operation("POST", "/jobs/activation", activate_jobs, "serve", JobActivationRequest, JobActivationResult, alone=True),
    Operation("POST", "/jobs/{jobKey}/completion", complete_job, "serve", JobCompletionRequest),
    Operation("POST", "/jobs/{jobKey}/failure", fail_job, "serve", JobFailRequest),
    Operation("POST", "/jobs/{jobKey}/error", throw_job_error, "serve", JobErrorRequest),
    Operation("PATCH", "/jobs/{jobKey}", update_job, "serve", JobUpdateRequest),
    Operation("POST", "/jobs/search", search_jobs, "see_job", JobQuery, JobPage),
)

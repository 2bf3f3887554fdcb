"""The official Python client walks one case from its deployment to its end."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from camunda_orchestration_sdk import models as m
from camunda_orchestration_sdk.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnexpectedStatus,
)
from camunda_orchestration_sdk.types import File

from engine.jobs.repairing import work_off_repairs
from engine.testing.places import HILL
from web.api.activation import seats_beside
from web.app import create_app

from .conftest import BUNDLES

COUNTS = ("operationsTotalCount", "operationsCompletedCount", "operationsFailedCount")
ANSWERS = {"goods": "茶叶", "phone": "13800000001", "weight": 2.5}


def begin(client, **answers):
    variables = m.ProcessInstanceCreationInstructionBaseVariables.from_dict({**ANSWERS, **answers})
    return client.create_process_instance(
        data=m.ProcessCreationById(process_definition_id="errand", variables=variables)
    )


def take(client, **more):
    request = m.JobActivationRequest(
        type_="courier.fetch", timeout=60_000, max_jobs_to_activate=5, request_timeout=-1, worker="w1", **more
    )
    return client.activate_jobs(data=request).jobs


@pytest.fixture
def courier(official):
    return official("courier")


@pytest.fixture
def clerk(official):
    return official("clerk")


def test_a_process_is_deployed_once_and_its_parts_have_keys(official):
    publisher = official("publisher")
    files = [
        File(payload=BytesIO(path.read_bytes()), file_name=path.name) for path in (BUNDLES / "errand").iterdir()
    ]
    deployed = publisher.create_deployment(data=m.CreateDeploymentData(resources=files))
    [process] = [one.process_definition for one in deployed.deployments if one.process_definition]
    assert (process.process_definition_id, process.process_definition_version) == ("errand", 1)
    forms = {one.form.form_id: one.form.form_key for one in deployed.deployments if one.form}
    assert forms.keys() == {"errand_start", "errand_sign"}
    assert publisher.get_form_by_key(form_key=forms["errand_sign"]).form_id == "errand_sign"
    assert {one.decision_definition.decision_definition_id for one in deployed.deployments if one.decision_definition} == {"errand_fee"}
    resource = publisher.get_resource(resource_key=process.process_definition_key)
    assert (resource.resource_id, resource.resource_name, resource.version) == ("errand", "errand.bpmn", 1)
    assert publisher.get_process_definition_xml(process_definition_key=process.process_definition_key).startswith("<?xml")
    start = publisher.get_start_process_form(process_definition_key=process.process_definition_key)
    assert start.form_key == forms["errand_start"]


def test_a_case_goes_from_its_start_to_its_end(clerk, courier, official):
    begun = begin(clerk)
    assert begun.business_id.startswith(f"{HILL}-26-")
    [job] = take(courier)
    assert (job.type_, job.retries, job.custom_headers.to_dict()) == ("courier.fetch", 3, {"speed": "fast"})
    assert job.variables.to_dict()["weight"] == 2.5
    assert job.variables.to_dict()["fee"] == 12.5
    courier.complete_job(job_key=job.job_key)

    [task] = clerk.search_user_tasks().items
    assert (task.name, task.state, task.assignee, task.candidate_groups) == ("签收", m.UserTaskStateEnum.CREATED, None, ["clerk"])
    assert clerk.get_user_task_form(user_task_key=task.user_task_key).form_key == task.form_key
    clerk.assign_user_task(user_task_key=task.user_task_key, data=m.UserTaskAssignmentRequest(assignee="clerk"))
    assert clerk.get_user_task(user_task_key=task.user_task_key).assignee == "clerk"
    clerk.unassign_user_task(user_task_key=task.user_task_key)
    with pytest.raises(BadRequestError, match="received"):
        clerk.complete_user_task(user_task_key=task.user_task_key)
    done = m.UserTaskCompletionRequest(
        variables=m.UserTaskCompletionRequestVariables.from_dict({"received": True, "remark": "好"})
    )
    clerk.complete_user_task(user_task_key=task.user_task_key, data=done)
    with pytest.raises(ConflictError, match="name of clerk"):
        clerk.complete_user_task(user_task_key=task.user_task_key, data=done)

    waiting = clerk.get_process_instance_wait_state_statistics(process_instance_key=begun.process_instance_key).items
    assert [(one.element_id, one.waiting_count) for one in waiting] == [("confirmed", 1)]
    [awaited] = official("operations").search_message_subscriptions().items
    assert (awaited.message_name, awaited.element_id, awaited.business_id) == ("receipt", "confirmed", begun.business_id)
    # Whoever may not reveal what cases hold is not told the key.
    assert (awaited.correlation_key, awaited.message_subscription_state.value) == (None, "CREATED")
    steps = clerk.search_element_instances().items
    assert [(one.element_id, one.state.value) for one in steps] == [
        ("start", "COMPLETED"), ("price", "COMPLETED"), ("fetch", "COMPLETED"), ("sign", "COMPLETED"), ("confirmed", "ACTIVE"),
    ]  # fmt: skip
    assert clerk.get_element_instance(element_instance_key=steps[2].element_instance_key).element_name == "取件"
    assert job.element_instance_key == steps[2].element_instance_key
    instance = clerk.get_process_instance(process_instance_key=begun.process_instance_key)
    assert (instance.state, instance.has_incident) == (m.ProcessInstanceStateEnum.ACTIVE, False)
    counts = {one.element_id: one.completed for one in clerk.get_process_instance_statistics(process_instance_key=begun.process_instance_key).items}
    assert counts == {"start": 1, "price": 1, "fetch": 1, "sign": 1, "confirmed": 0}
    with pytest.raises(UnexpectedStatus, match="403"):
        clerk.cancel_process_instance(process_instance_key=begun.process_instance_key, data=None)
    official("operations").cancel_process_instance(process_instance_key=begun.process_instance_key, data=None)
    assert clerk.get_process_instance(process_instance_key=begun.process_instance_key).state.value == "TERMINATED"


def test_a_person_sees_only_the_revision_that_was_loaded(clerk, courier, program):
    begin(clerk)
    courier.complete_job(job_key=take(courier)[0].job_key)
    [task] = clerk.search_user_tasks().items
    path, body = f"/user-tasks/{task.user_task_key}/completion", {"variables": {"received": True}}
    assert program("clerk").post(path, body, If_Match='"7"').status_code == 409
    assert program("clerk").post(path, body, If_Match='"1"').status_code == 204


def test_a_supervisor_hands_over_and_reschedules(clerk, courier, official, program):
    begin(clerk)
    courier.complete_job(job_key=take(courier)[0].job_key)
    [task] = clerk.search_user_tasks().items
    supervisor, path = program("supervisor"), f"/user-tasks/{task.user_task_key}"
    given = {"changeset": {"priority": 80, "followUpDate": "2026-09-30T09:00:00+08:00"}}
    assert supervisor.send("PATCH", path, given).status_code == 204
    assert supervisor.send("PATCH", path, {"changeset": {"priority": 101}}).status_code == 400
    assert supervisor.send("PATCH", path, {"changeset": {"dueDate": "2026-09-30T09:00:00+08:00"}}).status_code == 400
    assert program("clerk").send("PATCH", path, given).status_code == 403
    assert supervisor.post(f"{path}/assignment", {"assignee": "nobody"}).status_code == 400
    assert supervisor.post(f"{path}/assignment", {"assignee": "stranger"}).status_code == 400
    assert supervisor.post(f"{path}/assignment", {"assignee": "clerk", "action": "顶班"}).status_code == 204
    again = {"assignee": "supervisor", "allowOverride": False}
    assert supervisor.post(f"{path}/assignment", again).status_code == 409
    [found] = clerk.search_user_tasks().items
    assert (found.priority, found.assignee) == (80, "clerk")
    assert found.follow_up_date.isoformat() == "2026-09-30T09:00:00+08:00"
    asked = clerk.search_user_task_variables(user_task_key=found.user_task_key).items
    assert [one.name for one in asked] == ["fee", "goods", "phone", "weight"]


def test_variables_are_whole_but_for_personal_numbers(clerk, program):
    begun = begin(clerk)
    found = clerk.search_variables(
        data=m.VariableSearchQuery(filter_=m.VariableSearchQueryFilter(process_instance_key=begun.process_instance_key))
    )
    values = {one.name: one.value for one in found.items}
    assert values == {"goods": '"茶叶"', "phone": '"138****0001"', "weight": "2.5", "fee": "12.5"}
    assert clerk.get_variable(variable_key=found.items[0].variable_key).name == found.items[0].name
    asked = {"filter": {"processInstanceKey": begun.process_instance_key, "name": {"$like": "ph*"}}}
    plain = program("clerk")
    assert [one["value"] for one in plain.post("/variables/search", asked).json["items"]] == ['"138****0001"']
    whole = plain.post("/variables/search", asked, Reveal_Reason="电话核实")
    assert [one["value"] for one in whole.json["items"]] == ['"13800000001"']
    assert plain.post("/variables/search", {}).status_code == 400


def test_a_failed_job_becomes_an_incident_that_operations_resolve(clerk, courier, official):
    begun, operations = begin(clerk), official("operations")
    [job] = take(courier)
    courier.fail_job(job_key=job.job_key, data=m.JobFailRequest(retries=2, error_message="轮胎破了", retry_back_off=0))
    [again] = take(courier)
    assert (again.job_key, again.retries) == (job.job_key, 2)
    courier.update_job(job_key=job.job_key, data=m.JobUpdateRequest(changeset=m.JobChangeset(timeout=120_000)))
    courier.fail_job(job_key=job.job_key, data=m.JobFailRequest(retries=0, error_message="轮胎又破了"))
    [incident] = operations.search_incidents().items
    assert (incident.state.value, incident.error_type.value) == ("ACTIVE", "JOB_NO_RETRIES")
    assert "轮胎又破了" in incident.error_message
    assert (incident.job_key, incident.process_instance_key) == (job.job_key, begun.process_instance_key)
    assert operations.get_incident(incident_key=incident.incident_key) == incident
    [listed] = operations.search_jobs().items
    assert (listed.state.value, listed.job_key) == ("FAILED", job.job_key)
    assert clerk.get_process_instance(process_instance_key=begun.process_instance_key).has_incident
    operations.resolve_incident(incident_key=incident.incident_key)
    with pytest.raises(ConflictError):
        operations.resolve_incident(incident_key=incident.incident_key)
    assert [one.job_key for one in take(courier)] == [job.job_key]


def test_everything_that_failed_is_tried_again_as_a_batch_in_one_case_or_in_all_of_a_filter(clerk, courier, official, runtime):
    first, _ = begin(clerk), begin(clerk)
    operations = official("operations")
    for job in take(courier):
        courier.fail_job(job_key=job.job_key, data=m.JobFailRequest(retries=0))
    one = operations.resolve_process_instance_incidents(process_instance_key=first.process_instance_key)
    every = {"filter": {"processDefinitionId": "errand", "hasIncident": True}}
    request = m.ProcessInstanceIncidentResolutionBatchOperationRequest.from_dict(every)
    stopped, both = (operations.resolve_incidents_batch_operation(data=request) for _ in range(2))
    operations.cancel_batch_operation(batch_operation_key=stopped.batch_operation_key)
    while work_off_repairs(runtime):
        pass
    assert [one.state.value for one in operations.search_incidents().items] == ["RESOLVED", "RESOLVED"]
    done = operations.get_batch_operation(batch_operation_key=one.batch_operation_key)
    assert (done.batch_operation_type.value, done.state.value, done.operations_total_count) == ("RESOLVE_INCIDENT", "COMPLETED", 1)
    told = [operations.get_batch_operation(batch_operation_key=both.batch_operation_key).to_dict()[name] for name in COUNTS]
    # One of the two was resolved by the first batch already.
    assert told == [2, 1, 1]
    items = operations.search_batch_operation_items().items
    assert sorted(item.state.value for item in items) == ["CANCELED", "CANCELED", "COMPLETED", "COMPLETED", "FAILED"]
    assert operations.get_batch_operation(batch_operation_key=stopped.batch_operation_key).state.value == "CANCELED"
    assert {item.operation_type.value for item in items} == {"RESOLVE_INCIDENT"}
    with pytest.raises(UnexpectedStatus, match="409"):
        operations.cancel_batch_operation(batch_operation_key=both.batch_operation_key)


def test_a_workers_business_error_takes_its_path(clerk, courier):
    begun = begin(clerk)
    [job] = take(courier)
    courier.throw_job_error(job_key=job.job_key, data=m.JobErrorRequest(error_code="REFUSED", error_message="无人"))
    instance = clerk.get_process_instance(process_instance_key=begun.process_instance_key)
    assert instance.state.value == "COMPLETED"


def test_no_other_token_answers_for_a_job_under_the_name_of_its_worker(clerk, courier, program):
    begin(clerk)
    [job] = take(courier)
    path, other = f"/jobs/{job.job_key}", program("carrier")
    for answer in (
        other.post(f"{path}/completion"),
        other.post(f"{path}/failure", {"retries": 0}),
        other.post(f"{path}/error", {"errorCode": "REFUSED"}),
        other.send("PATCH", path, {"changeset": {"timeout": 60_000}}),
    ):
        assert (answer.status_code, "w1" in answer.json["detail"]) == (409, True)
    courier.complete_job(job_key=job.job_key)


def test_a_workers_token_sends_the_messages_of_its_regions(clerk, courier, official, program):
    begun = begin(clerk)
    courier.complete_job(job_key=take(courier)[0].job_key)
    [task] = clerk.search_user_tasks().items
    done = m.UserTaskCompletionRequestVariables.from_dict({"received": True})
    clerk.complete_user_task(user_task_key=task.user_task_key, data=m.UserTaskCompletionRequest(variables=done))
    receipt = m.MessageCorrelationRequest(name="receipt", correlation_key="茶叶")
    with pytest.raises(ForbiddenError):
        courier.correlate_message(data=receipt)
    assert program("far_post").post("/messages/correlation", {"name": "receipt", "correlationKey": "茶叶"}).status_code == 403
    told = official("post").correlate_message(data=receipt)
    assert told.process_instance_key == begun.process_instance_key
    assert clerk.get_process_instance(process_instance_key=begun.process_instance_key).state.value == "COMPLETED"


def test_a_lease_fences_off_an_earlier_activation(clerk, courier, clock):
    begin(clerk)
    [first] = take(courier, with_lease=True)
    clock.advance(timedelta(minutes=2))
    [second] = take(courier, with_lease=True)
    assert second.job_key == first.job_key
    late = m.JobCompletionRequest(job_lease_token=first.job_lease_token)
    with pytest.raises(ConflictError):
        courier.complete_job(job_key=first.job_key, data=late)
    courier.complete_job(job_key=first.job_key, data=m.JobCompletionRequest(job_lease_token=second.job_lease_token))


def test_a_waiting_worker_gets_what_comes_meanwhile(clerk, official):
    taken = []

    def wait():
        request = m.JobActivationRequest(
            type_="courier.fetch", timeout=60_000, max_jobs_to_activate=1, request_timeout=20_000, worker="w1"
        )
        taken.extend(official("courier").activate_jobs(data=request).jobs)

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun = begin(clerk)
    waiting.join(timeout=60)
    assert [job.process_instance_key for job in taken] == [begun.process_instance_key]


def test_a_program_waits_for_the_end_of_what_it_begins(official, program):
    got = []

    def wait():
        variables = m.ProcessInstanceCreationInstructionBaseVariables.from_dict(ANSWERS)
        order = m.ProcessCreationById(
            process_definition_id="errand", variables=variables, await_completion=True, request_timeout=30_000,
            fetch_variables=["goods", "phone"],
        )  # fmt: skip
        got.append(official("clerk").create_process_instance(data=order))

    waiting = threading.Thread(target=wait)
    waiting.start()
    request = {"type": "courier.fetch", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 20_000}
    [job] = program("courier").post("/jobs/activation", request).json["jobs"]
    assert not got
    program("courier").post(f"/jobs/{job['jobKey']}/error", {"errorCode": "REFUSED"})
    waiting.join(timeout=60)
    assert got[0].process_instance_key == job["processInstanceKey"]
    assert got[0].variables.to_dict() == {"goods": "茶叶", "phone": "138****0001"}


def test_a_program_that_waits_in_vain_is_told_that_the_case_goes_on(clerk, program):
    body = {"processDefinitionId": "errand", "variables": ANSWERS, "awaitCompletion": True, "requestTimeout": 300}
    answer = program("clerk").post("/process-instances", body, Idempotency_Key="once")
    assert (answer.status_code, answer.content_type) == (504, "application/problem+json")
    again = program("clerk").post("/process-instances", body, Idempotency_Key="once")
    assert again.json["processInstanceKey"] == answer.json["processInstanceKey"]
    assert clerk.get_process_instance(process_instance_key=answer.json["processInstanceKey"]).state.value == "ACTIVE"


def test_programs_wait_only_where_threads_are_left_for_people(runtime, secrets):
    runtime.settings = replace(runtime.settings, threads=2)
    client = create_app(runtime).test_client()
    body = {"type": "courier.fetch", "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": 30_000}
    began = time.monotonic()
    answer = client.post("/v2/jobs/activation", json=body, headers={"Authorization": f"Bearer {secrets['courier']}"})
    assert answer.json == {"jobs": []}
    assert time.monotonic() - began < 25
    assert [seats_beside(threads) for threads in (1, 2, 4, 8, 16)] == [0, 0, 1, 3, 7]


def test_a_worker_completes_no_persons_task(clerk, courier, program):
    begin(clerk)
    courier.complete_job(job_key=take(courier)[0].job_key)
    [task] = clerk.search_user_tasks().items
    answer = program("courier").post(f"/user-tasks/{task.user_task_key}/completion", {"variables": {"received": True}})
    assert answer.status_code == 403


def test_decisions_are_found_and_answer(official):
    clerk = official("clerk")
    [decision] = clerk.search_decision_definitions().items
    assert (decision.decision_definition_id, decision.name) == ("errand_fee", "取件费")
    assert clerk.get_decision_definition(decision_definition_key=decision.decision_definition_key) == decision
    assert "hitPolicy" in clerk.get_decision_definition_xml(decision_definition_key=decision.decision_definition_key)
    given = m.DecisionEvaluationByIdVariables.from_dict({"weight": 0.5})
    for asked in (
        m.DecisionEvaluationByID(decision_definition_id="errand_fee", variables=given),
        m.DecisionEvaluationByKey(decision_definition_key=decision.decision_definition_key, variables=given),
    ):
        answer = clerk.evaluate_decision(data=asked)
        assert answer.output == "5"
        assert [rule.rule_index for rule in answer.evaluated_decisions[0].matched_rules] == [1]


def test_how_many_run_where_is_counted(clerk, courier):
    begin(clerk)
    begin(clerk)
    courier.fail_job(job_key=take(courier)[0].job_key, data=m.JobFailRequest(retries=0))
    [process] = clerk.search_process_definitions().items
    [element] = [
        one for one in clerk.get_process_definition_statistics(process_definition_key=process.process_definition_key).items
        if one.element_id == "fetch"
    ]  # fmt: skip
    assert (element.active, element.incidents, element.completed, element.canceled) == (2, 1, 0, 0)
    [running] = clerk.get_process_definition_instance_statistics().items
    assert (running.active_instances_with_incident_count, running.active_instances_without_incident_count) == (1, 1)
    query = m.ProcessDefinitionInstanceVersionStatisticsQuery(
        filter_=m.ProcessDefinitionInstanceVersionStatisticsQueryFilter(process_definition_id="errand")
    )
    [version] = clerk.get_process_definition_instance_version_statistics(data=query).items
    assert version.process_definition_key == process.process_definition_key


def test_what_lies_elsewhere_is_not_there(clerk, courier, official):
    begun, stranger = begin(clerk), official("stranger")
    assert stranger.search_process_instances().page.total_items == 0
    assert stranger.search_element_instances().items == []
    courier.complete_job(job_key=take(courier)[0].job_key)
    assert stranger.search_user_tasks().items == []
    with pytest.raises(NotFoundError):
        stranger.get_process_instance(process_instance_key=begun.process_instance_key)
    [task] = clerk.search_user_tasks().items
    with pytest.raises(NotFoundError):
        stranger.complete_user_task(user_task_key=task.user_task_key)

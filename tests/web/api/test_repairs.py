"""What operations' programs do with running cases: move them to another version, let them stand still, modify them."""

from __future__ import annotations

import pytest
from camunda_orchestration_sdk import models as m
from camunda_orchestration_sdk.errors import BadRequestError, ConflictError

from engine.commands.approve_modification import approve_modification
from engine.commands.deploy import deploy
from engine.jobs.migrating import work_off_migrations
from engine.model import SYSTEM, Actor, Grant
from engine.store import definitions, modifications

from .test_errand import begin, take


@pytest.fixture
def clerk(official):
    return official("clerk")


@pytest.fixture
def courier(official):
    return official("courier")


@pytest.fixture
def operations(official):
    return official("operations")


@pytest.fixture
def redraw(runtime, kit):
    """Return how to deploy the errand anew with ids and names replaced; it gives the new version's key."""

    def do(**words):
        files = dict(kit.library.folders["errand"])
        drawn = files["errand.bpmn"].decode()
        for old, new in words.items():
            assert f'"{old}"' in drawn
            drawn = drawn.replace(f'"{old}"', f'"{new}"')
        files["errand.bpmn"] = drawn.encode()
        with runtime.write() as transaction:
            bundle = kit.library.with_folder("errand", files).bundle("errand")
            return str(deploy(runtime, transaction, SYSTEM, bundle=bundle).key)

    return do


def _version(clerk, case):
    return clerk.get_process_instance(process_instance_key=case.process_instance_key).process_definition_version


def _to(key, *pairs):
    mapped = [m.MigrateProcessInstanceMappingInstruction(source_element_id=a, target_element_id=b) for a, b in pairs]
    return m.ProcessInstanceMigrationInstruction(target_process_definition_key=key, mapping_instructions=mapped)


def test_one_case_moves_to_another_version_at_once_and_its_job_goes_on(clerk, courier, operations, redraw):
    case = begin(clerk)
    [job] = take(courier)
    newer = redraw(签收="当面签收")
    operations.migrate_process_instance(process_instance_key=case.process_instance_key, data=_to(newer))
    assert _version(clerk, case) == 2
    courier.complete_job(job_key=job.job_key)
    assert clerk.search_user_tasks().items[0].name == "当面签收"
    with pytest.raises(BadRequestError, match="两个不同"):
        operations.migrate_process_instance(process_instance_key=case.process_instance_key, data=_to(newer))


def test_a_case_that_does_not_fit_stays_and_is_told_why(clerk, operations, redraw, program):
    case = begin(clerk)
    newer = redraw(fetch="collect", 取件="揽收", price="quote", 计费="报价")
    path = f"/process-instances/{case.process_instance_key}/migration"
    answer = program("operations").post(path, {"targetProcessDefinitionKey": newer})
    assert (answer.status_code, "no such element" in answer.json["detail"]) == (409, True), answer.json
    assert _version(clerk, case) == 1
    operations.migrate_process_instance(
        process_instance_key=case.process_instance_key, data=_to(newer, ("fetch", "collect"))
    )
    assert _version(clerk, case) == 2


def test_many_cases_move_as_a_batch_whose_progress_is_told(clerk, courier, operations, redraw, runtime):
    first, second, third = begin(clerk), begin(clerk), begin(clerk)
    jobs = {job.process_instance_key: job for job in take(courier)}
    courier.complete_job(job_key=jobs[third.process_instance_key].job_key)
    with runtime.read() as transaction:
        [older] = definitions.versions(transaction, "errand")
    newer = redraw(sign="hand_over", 签收="移交")
    chosen = m.ProcessInstanceCancellationBatchOperationRequestFilter(process_definition_key=str(older.key))
    plan = m.ProcessInstanceMigrationBatchOperationRequestMigrationPlan(
        target_process_definition_key=newer, mapping_instructions=[]
    )
    ordered = operations.migrate_process_instances_batch_operation(
        data=m.ProcessInstanceMigrationBatchOperationRequest(filter_=chosen, migration_plan=plan)
    )
    key = ordered.batch_operation_key
    assert operations.get_batch_operation(batch_operation_key=key).state.value == "ACTIVE"
    while work_off_migrations(runtime):
        pass
    done = operations.get_batch_operation(batch_operation_key=key)
    assert (done.state.value, done.operations_total_count) == ("PARTIALLY_COMPLETED", 3)
    assert (done.operations_completed_count, done.operations_failed_count) == (2, 1)
    assert [one.batch_operation_key for one in operations.search_batch_operations().items] == [key]
    wanted = m.BatchOperationItemSearchQueryFilter(batch_operation_key=key, state=m.BatchOperationItemStateExactMatch("FAILED"))
    [failed] = operations.search_batch_operation_items(data=m.BatchOperationItemSearchQuery(filter_=wanted)).items
    assert failed.process_instance_key == third.process_instance_key
    assert "sign" in failed.error_message
    assert [_version(clerk, case) for case in (first, second, third)] == [2, 2, 1]


def test_a_batch_is_of_one_version(clerk, operations, redraw, program):
    begin(clerk)
    newer = redraw(签收="当面签收")
    begin(clerk)
    body = {"filter": {}, "migrationPlan": {"targetProcessDefinitionKey": newer}}
    answer = program("operations").post("/process-instances/migration", body)
    assert (answer.status_code, answer.json["fields"].keys()) == (400, {"filter"})


def test_a_case_stands_still_until_it_is_resumed(clerk, courier, operations):
    case = begin(clerk)
    operations.suspend_process_instance(process_instance_key=case.process_instance_key, data=None)
    assert clerk.get_process_instance(process_instance_key=case.process_instance_key).suspended_date is not None
    assert take(courier) == []
    with pytest.raises(ConflictError):
        operations.suspend_process_instance(process_instance_key=case.process_instance_key, data=None)
    operations.resume_process_instance(process_instance_key=case.process_instance_key, data=None)
    assert len(take(courier)) == 1


def test_a_program_proposes_to_move_a_token_and_a_second_person_lets_it_happen(
    clerk, courier, program, runtime, operations
):
    case = begin(clerk)
    take(courier)
    move = m.ProcessInstanceModificationMoveInstruction(
        source_element_instruction=m.SourceElementIdInstruction(source_type="byId", source_element_id="fetch"),
        target_element_id="sign",
    )
    asked = m.ProcessInstanceModificationInstruction(move_instructions=[move])
    operations.modify_process_instance(process_instance_key=case.process_instance_key, data=asked)
    assert [one.element_id for one in operations.search_jobs().items] == ["fetch"]
    assert clerk.search_user_tasks().items == []
    path, body = f"/process-instances/{case.process_instance_key}/modification", asked.to_dict()
    assert program("operations").post(path, body).status_code == 409
    colleague = Actor(1, "colleague", (Grant("operations", ""),))
    with runtime.write() as transaction:
        proposed = modifications.open_of_case(transaction, int(case.process_instance_key))
        approve_modification(runtime, transaction, colleague, modification=proposed.key, note="同意")
    assert [task.element_id for task in clerk.search_user_tasks().items] == ["sign"]


@pytest.mark.parametrize(
    "instructions",
    [
        {},
        {"terminateInstructions": [{"elementId": "sign"}]},
        {"terminateInstructions": [{}]},
        {"terminateInstructions": [{"elementInstanceKey": "77"}]},
        {"activateInstructions": [{"elementId": "nowhere"}]},
        {"activateInstructions": [{"elementId": "sign", "variableInstructions": [{"variables": {}, "scopeId": "x"}]}]},
    ],
)
def test_a_modification_that_names_nothing_there_is_refused(clerk, program, instructions):
    case = begin(clerk)
    path = f"/process-instances/{case.process_instance_key}/modification"
    assert program("operations").post(path, instructions).status_code == 400

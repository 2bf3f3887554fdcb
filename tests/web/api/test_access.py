"""Every operation against every kind of program; an operation that is not listed here fails."""

from __future__ import annotations

from web.api.table import OPERATIONS

EVERYBODY = {"clerk", "supervisor", "operations", "publisher", "admin", "auditor", "courier", "post"}
READERS = EVERYBODY - {"post"}
SEERS = {"clerk", "supervisor", "auditor"}
WATCHERS = {"supervisor", "operations", "admin"}

MATRIX: dict[str, set[str]] = {
    "get_topology": EVERYBODY,
    "get_status": EVERYBODY,
    "get_authentication": EVERYBODY,
    "create_deployment": {"publisher"},
    "search_process_definitions": READERS,
    "get_process_definition": READERS,
    "get_process_definition_xml": READERS,
    "get_start_process_form": READERS,
    "get_process_definition_statistics": READERS,
    "get_process_definition_instance_statistics": READERS,
    "get_process_definition_instance_version_statistics": READERS,
    "get_resource": READERS,
    "get_form_by_key": READERS,
    "search_decision_definitions": READERS,
    "get_decision_definition": READERS,
    "get_decision_definition_xml": READERS,
    "evaluate_decision": READERS,
    "create_process_instance": {"clerk"},
    "search_process_instances": SEERS,
    "get_process_instance": SEERS,
    "get_process_instance_statistics": SEERS,
    "get_process_instance_wait_state_statistics": SEERS,
    "cancel_process_instance": {"operations"},
    "suspend_process_instance": {"operations"},
    "resume_process_instance": {"operations"},
    "migrate_process_instance": {"operations", "publisher"},
    "migrate_process_instances_batch_operation": {"operations", "publisher"},
    "modify_process_instance": {"operations"},
    "get_batch_operation": {"operations", "publisher"},
    "cancel_batch_operation": {"operations"},
    "resolve_incidents_batch_operation": {"operations"},
    "search_batch_operations": {"operations", "publisher"},
    "search_batch_operation_items": {"operations", "publisher"},
    "search_message_subscriptions": WATCHERS,
    "search_element_instances": SEERS,
    "get_element_instance": SEERS,
    "search_element_instance_incidents": WATCHERS,
    "search_user_tasks": SEERS,
    "get_user_task": SEERS,
    "get_user_task_form": SEERS,
    "assign_user_task": SEERS,
    "unassign_user_task": {"clerk", "supervisor"},
    "update_user_task": {"supervisor"},
    "complete_user_task": {"clerk", "supervisor"},
    "search_user_task_variables": SEERS,
    "search_user_task_effective_variables": SEERS,
    "search_variables": SEERS,
    "get_variable": SEERS,
    "activate_jobs": {"courier"},
    "complete_job": {"courier"},
    "fail_job": {"courier"},
    "throw_job_error": {"courier"},
    "update_job": {"courier"},
    "search_jobs": WATCHERS | {"courier"},
    "publish_message": {"operations", "post"},
    "correlate_message": {"operations", "post"},
    "broadcast_signal": {"operations", "post"},
    "search_incidents": WATCHERS,
    "get_incident": WATCHERS,
    "resolve_incident": {"operations"},
    "search_process_instance_incidents": WATCHERS,
    "resolve_process_instance_incidents": {"operations"},
}


def test_every_operation_is_listed():
    assert {operation.name for operation in OPERATIONS} == MATRIX.keys()


def test_each_token_may_do_exactly_what_its_roles_give(program):
    for who in sorted(EVERYBODY):
        sender = program(who)
        opened = set()
        for operation in OPERATIONS:
            path = operation.path
            for key in operation.keys:
                path = path.replace(f"{{{key}}}", "1")
            body = {"requestTimeout": -1, "type": "x", "timeout": 1000, "maxJobsToActivate": 1}
            given = body if operation.name == "activate_jobs" else _smallest(operation.name)
            if sender.send(operation.method, path, given).status_code not in (401, 403):
                opened.add(operation.name)
        assert opened == {name for name, who_may in MATRIX.items() if who in who_may}, who


def _smallest(name):
    """Return the smallest body that can be read, so that the answer tells about rights alone."""
    return {
        "search_variables": {"filter": {"processInstanceKey": "1"}},
        "get_process_definition_instance_version_statistics": {"filter": {"processDefinitionId": "errand"}},
        "migrate_process_instance": {"targetProcessDefinitionKey": "1"},
        "migrate_process_instances_batch_operation": {
            "filter": {}, "migrationPlan": {"targetProcessDefinitionKey": "1"},
        },
        "resolve_incidents_batch_operation": {"filter": {}},
        "throw_job_error": {"errorCode": "X"},
        "update_job": {"changeset": {}},
        "update_user_task": {"changeset": {}},
        "assign_user_task": {"assignee": "clerk"},
    }.get(name, {})

"""User tasks: search, look at one, its form and variables; take, hand over, give back, reschedule, complete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from flask import request

from engine.commands.assign_task import assign_task
from engine.commands.claim_task import claim_task
from engine.commands.complete_task import complete_task
from engine.commands.unclaim_task import unclaim_task
from engine.commands.update_task import update_task
from engine.errors import Conflict, Invalid, Text
from engine.queries.search.tasks import COLUMNS, TaskLine, find_task, logins
from engine.queries.search.tasks import search_tasks as search
from engine.queries.variables import task_variables
from engine.store import people
from web.api.forms import FormResult, form_key_of, rendered_form
from web.api.operation import Operation
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, Body, Variables, from_json, text_of
from web.api.variables import PARAMETERS, TaskVariableQuery, VariablePage, shown_or_revealed
from web.context import actor, runtime, tx

_STATES = {"open": "CREATED", "completed": "COMPLETED", "cancelled": "CANCELED"}


class UserTask(Answer):
    """One step for a person; ``candidateGroups`` are roles."""

    user_task_key: str
    name: str | None
    state: str
    assignee: str | None
    element_id: str
    element_instance_key: str
    candidate_groups: list[str]
    candidate_users: list[str]
    process_instance_key: str
    root_process_instance_key: str | None
    process_definition_key: str
    process_definition_id: str
    process_definition_version: int
    process_name: str | None
    business_id: str | None
    form_key: str | None
    creation_date: datetime
    completion_date: datetime | None
    due_date: datetime | None
    follow_up_date: datetime | None
    priority: int
    external_form_reference: str | None = None
    custom_headers: dict[str, str] = msgspec.field(default_factory=dict)
    tags: list[str] = msgspec.field(default_factory=list)
    tenant_id: str = TENANT


class UserTaskAssignmentRequest(Body):
    """Who takes the task: a login. ``action`` is kept as the reason when it goes to somebody else."""

    assignee: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    allow_override: bool | None = None
    action: str | None = None


class UserTaskCompletionRequest(Body):
    """The answers to the task's form; there are no listeners that ``action`` could tell something."""

    variables: Variables | None = None
    action: str | None = None


class Changeset(Body):
    """What changes; due time and candidates stand in the diagram."""

    priority: int | None = None
    follow_up_date: datetime | None = None


class UserTaskUpdateRequest(Body):
    """What changes."""

    changeset: Changeset
    action: str | None = None


UserTaskQuery, UserTaskPage = search_body("UserTask", COLUMNS), answer_of(UserTask)


def search_user_tasks(body: Any) -> Answer:
    """Return the user tasks the token may see."""
    lines = search(runtime(), tx(), actor(), criteria(body))
    names = _names(lines.rows)
    return found(UserTaskPage, lines, lambda line: _rendered(line, names))


def get_user_task(user_task_key: int) -> UserTask:
    """Return one user task."""
    line = find_task(runtime(), tx(), actor(), user_task_key)
    return _rendered(line, _names([line]))


def get_user_task_form(user_task_key: int) -> FormResult | None:
    """Return the form of a user task; nothing when it has none."""
    line = find_task(runtime(), tx(), actor(), user_task_key)
    return rendered_form(line.definition, line.form) if line.form else None


def assign_user_task(user_task_key: int, body: UserTaskAssignmentRequest) -> None:
    """Take a task for oneself, or hand it to another person, which needs the right to."""
    line = find_task(runtime(), tx(), actor(), user_task_key)
    if body.allow_override is False and line.assignee not in (None, body.assignee):
        raise Conflict(
            Text(f"该任务已由{line.assignee}认领。", f"Expected an unassigned task, but {line.assignee} holds it.")
        )
    person = people.find_by_login(tx(), body.assignee)
    if person is None:
        message = Text(f"没有人员「{body.assignee}」。", f"Expected the login of a person, not “{body.assignee}”.")
        raise Invalid(message, {"assignee": message})
    if person.key == actor().person:
        claim_task(runtime(), tx(), actor(), task=user_task_key)
        return
    reason = body.action or "API"
    assign_task(runtime(), tx(), actor(), task=user_task_key, person=person.key, reason=reason)


def unassign_user_task(user_task_key: int) -> None:
    """Give a task back to its role."""
    unclaim_task(runtime(), tx(), actor(), task=user_task_key)


def update_user_task(user_task_key: int, body: UserTaskUpdateRequest) -> None:
    """Change the priority of a task, or when to take it up again."""
    changes = body.changeset
    if changes.follow_up_date is not None and changes.follow_up_date.tzinfo is None:
        message = Text("followUpDate 应带时区。", "Expected followUpDate with its zone.")
        raise Invalid(message, {"changeset.followUpDate": message})
    update_task(
        runtime(), tx(), actor(), task=user_task_key, priority=changes.priority, follow_up=changes.follow_up_date
    )


def complete_user_task(user_task_key: int, body: UserTaskCompletionRequest) -> None:
    """Complete a task with the answers to its form, checked as on the pages; If-Match names the revision seen."""
    line = find_task(runtime(), tx(), actor(), user_task_key)
    seen = request.headers.get("If-Match", "").strip('"')
    revision = int(seen) if seen.isdecimal() and len(seen) < 10 else line.revision
    values = from_json(body.variables or {})
    complete_task(runtime(), tx(), actor(), task=user_task_key, revision=revision, values=values)


def search_user_task_variables(user_task_key: int, body: TaskVariableQuery) -> VariablePage:
    """Return what a task sees, or what was entered into a completed one."""
    return shown_or_revealed(body, lambda: task_variables(runtime(), tx(), actor(), user_task_key))


def search_user_task_effective_variables(user_task_key: int, body: TaskVariableQuery) -> VariablePage:
    """Return what a task sees, each name once, as its innermost scope has it."""
    return search_user_task_variables(user_task_key, body)


def _names(lines: Sequence[TaskLine]) -> dict[int, str]:
    return logins(tx(), {int(key) for line in lines for key in line.candidates.split() if key.isdecimal()})


def _rendered(line: TaskLine, names: dict[int, str]) -> UserTask:
    candidates = [names.get(int(key), key) if key.isdecimal() else key for key in line.candidates.split()]
    return UserTask(
        user_task_key=str(line.key),
        name=line.name,
        state=_STATES[line.status],
        assignee=line.assignee,
        element_id=line.element,
        element_instance_key=str(line.activity or line.key),
        candidate_groups=[*filter(None, [line.role]), *(one.role for one in people.parse_grants(line.others))],
        candidate_users=candidates,
        process_instance_key=str(line.case),
        root_process_instance_key=text_of(line.case),
        process_definition_key=str(line.definition),
        process_definition_id=line.process,
        process_definition_version=line.version,
        process_name=line.process_name,
        business_id=line.number,
        form_key=form_key_of(line.definition, line.form) if line.form else None,
        creation_date=line.created_at,
        completion_date=line.closed_at,
        due_date=line.due_at,
        follow_up_date=line.follow_up_at,
        priority=line.priority,
    )


_ONE = "/user-tasks/{userTaskKey}"
OPERATIONS = (
    Operation("POST", "/user-tasks/search", search_user_tasks, "see_case", UserTaskQuery, UserTaskPage),
    Operation("GET", _ONE, get_user_task, "see_case", answer=UserTask),
    Operation("GET", f"{_ONE}/form", get_user_task_form, "see_case", answer=FormResult),
    Operation("POST", f"{_ONE}/assignment", assign_user_task, "see_case", UserTaskAssignmentRequest),
    Operation("DELETE", f"{_ONE}/assignee", unassign_user_task, "work"),
    Operation("PATCH", _ONE, update_user_task, "reassign", UserTaskUpdateRequest),
    Operation(
        "POST", f"{_ONE}/completion", complete_user_task, "work", UserTaskCompletionRequest,
        parameters={"If-Match": "header"},
    ),
    Operation(
        "POST", f"{_ONE}/variables/search", search_user_task_variables, "see_case", TaskVariableQuery, VariablePage,
        alone=True, parameters=PARAMETERS,
    ),
    Operation(
        "POST", f"{_ONE}/effective-variables/search", search_user_task_effective_variables, "see_case",
        TaskVariableQuery, VariablePage, alone=True, parameters=PARAMETERS,
    ),
)  # fmt: skip

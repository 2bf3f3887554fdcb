"""Finds an open user task for a change, or says in one sentence why this person cannot have it."""

from __future__ import annotations

from engine.errors import Conflict, Forbidden, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_task
from engine.runtime.visibility import may_with_case
from engine.store import activities, user_tasks
from engine.store.cases import LockedCase
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow, subject_of
from engine.store.values import unpack


def lock_task(
    runtime: Runtime, transaction: Transaction, actor: Actor, key: int, action: str = "work"
) -> tuple[TaskRow, LockedCase]:
    """Return the task and its case, locked. Raises NotFound when hidden, Forbidden when not theirs to act on."""
    found = user_tasks.lock(transaction, key)
    if found is None:
        raise unknown_task()
    task, locked = found
    part = None if action == "see_case" else subject_of(task)
    if may_with_case(runtime, transaction, actor, action, locked.row, part):
        return task, locked
    if not may_with_case(runtime, transaction, actor, "see_case", locked.row):
        raise unknown_task()
    raise Forbidden(
        Text(
            f"非本人任务:「{task.name}」不在您的岗位办理范围内,请由相应岗位的人员办理。",
            f"Expected a person of the task's role, but “{task.name}” is not offered to yours.",
        )
    )


def check_open(task: TaskRow) -> None:
    """Raise Conflict naming who closed the task and when, unless it is open."""
    if task.status == "open":
        return
    when = f"{task.closed_at:%Y-%m-%d %H:%M}" if task.closed_at else ""
    if task.status == "completed":
        raise Conflict(
            Text(
                f"「{task.name}」已由{task.closed_name or '系统'}于 {when} 办结,无需重复办理。",
                f"Expected an open task, but {task.closed_name or 'the system'} completed “{task.name}” at {when}.",
            )
        )
    raise Conflict(
        Text(
            f"「{task.name}」已于 {when} 取消,案件已按流程走到其他步骤。",
            f"Expected an open task, but “{task.name}” was cancelled at {when}; the case has moved on.",
        )
    )


def check_not_taken(task: TaskRow, actor: Actor) -> None:
    """Raise Conflict naming who holds the task when somebody else claimed it."""
    if task.assignee is not None and task.assignee != actor.person:
        when = f"{task.claimed_at:%Y-%m-%d %H:%M}" if task.claimed_at else ""
        raise Conflict(
            Text(
                f"「{task.name}」已由{task.assignee_name}于 {when} 认领,如需接手请联系其退回或由主管改派。",
                f"Expected an unclaimed task, but {task.assignee_name} claimed “{task.name}” at {when}.",
            )
        )


def check_revision(task: TaskRow, revision: int) -> None:
    """Raise Conflict when the task changed since the person loaded it."""
    if task.revision != revision:
        raise Conflict(
            Text(
                f"「{task.name}」在您打开之后有变化(认领人:{task.assignee_name or '无'}),请核对后再提交。",
                f"Expected revision {task.revision} of “{task.name}”, but you loaded {revision}; look again and resubmit.",
            )
        )


def check_separate(transaction: Transaction, task: TaskRow, actor: Actor) -> None:
    """Raise Forbidden when the person did one of the steps that must be done by somebody else."""
    named = str(unpack(task.properties).get("separate_from", ""))
    elements = [part.strip() for part in named.split(",") if part.strip()]
    if not elements or actor.person is None:
        return
    done = activities.done_by(transaction, task.case, elements, actor.person)
    if done is not None:
        raise Forbidden(
            Text(
                f"您已办理本案的「{done}」,「{task.name}」须由另一人办理。",
                f"Expected another person for “{task.name}”, because you did “{done}” in this case.",
            )
        )

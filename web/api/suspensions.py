"""Process instances stand still, and go on."""

from __future__ import annotations

from engine.commands.resume_case import resume_case
from engine.commands.suspend_case import suspend_case
from web.api.operation import Operation
from web.api.process_instances import reason_of
from web.api.shapes import Referenced
from web.context import actor, runtime, tx


class SuspensionRequest(Referenced):
    """The reference stands in the reason that is kept."""


def suspend_process_instance(process_instance_key: int, body: SuspensionRequest) -> None:
    """Let a process instance stand still: no task is completed, no timer fires, no job is handed out."""
    suspend_case(runtime(), tx(), actor(), case=process_instance_key, reason=reason_of(body.operation_reference))


def resume_process_instance(process_instance_key: int, body: SuspensionRequest) -> None:
    """Let a process instance go on; what became due meanwhile is done now."""
    resume_case(runtime(), tx(), actor(), case=process_instance_key, reason=reason_of(body.operation_reference))


_ONE = "/process-instances/{processInstanceKey}"
OPERATIONS = (
    Operation("POST", f"{_ONE}/suspension", suspend_process_instance, "repair", SuspensionRequest),
    Operation("POST", f"{_ONE}/resumption", resume_process_instance, "repair", SuspensionRequest),
)

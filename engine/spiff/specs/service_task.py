"""Service and send tasks: local services stop the engine, remote ones leave the token parked with a job."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask as ServiceTaskMixin

from engine.errors import ModelError, Text
from engine.model import LocalCall, RequestedJob
from engine.spiff.specs.activity import Activity

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


class ServiceTask(ServiceTaskMixin, Activity):
    """A task, or message throw, whose work is done by a service of this type."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name=name)
        self.awaited = "job"
        self.headers = node.headers
        self.type: Expression | None = None
        self.retries: Expression | None = None

    def _execute(self, task: Token) -> None:
        case = task.container.case
        type_ = str(case.feel.evaluate(task, self.type)) if self.type else ""
        seen = self.visible_to_worker(task)
        if case.environment.is_local(type_):
            facts = {**case.environment.case, "policy": case.environment.policy}
            call = LocalCall(task.key, self.bpmn_id, self.process, type_, self.headers, seen, facts)
            case.pending = (task, call)
            return
        job = RequestedJob(task.key, self.process, self.bpmn_id, type_, self._retries(task), self.headers, seen)
        case.journal.requested(job)

    def _retries(self, token: Token) -> int | None:
        if self.retries is None:
            return None
        value = token.container.case.feel.evaluate(token, self.retries)
        try:
            return max(1, int(value))
        except (ValueError, TypeError) as error:
            zh = f"重试次数应为整数,但得到“{str(value)[:40]}”;请修改。"
            en = f"Expected a whole number of tries, but it is {str(value)[:40]!r}, so correct it."
            raise ModelError(Text(zh, en), self.bpmn_id) from error

"""Embedded sub-processes and event sub-processes."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff import compensation
from engine.spiff.specs.activity import Activity
from engine.spiff.specs.node import Node

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.container import RunningScope
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.tokens import Token


class SubProcess(SubWorkflowTask, Activity):
    """Runs a scope of its own; ``spec`` is the key of that scope's definition."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, inner: str, name: str | None = None) -> None:
        super().__init__(scope, node, inner, name=name)

    def _update_hook(self, my_task: Token) -> bool:
        return Node._update_hook(self, my_task)

    def arrive(self, token: Token) -> bool:
        """Start the scope."""
        token._set_state(TaskState.STARTED)
        scope = token.container.case.create_subprocess(token, self.spec)
        self.open(token, scope)
        self.begin(token, scope)
        return False

    def open(self, token: Token, scope: RunningScope) -> None:
        """Give the scope what it needs before its first token."""

    def begin(self, token: Token, scope: RunningScope) -> None:  # noqa: ARG002 (for overriding)
        """Let the first tokens arrive in the scope."""
        scope.enter()

    def scope_done(self, token: Token, scope: RunningScope) -> None:
        """Take the results of the ended scope, and go on."""
        self.remember(token, scope)
        self.deliver(token, {})
        token.container.case.forget(scope)
        token._ready()

    def remember(self, token: Token, scope: RunningScope) -> None:
        """Keep the log of the ended scope, unless an activity of its own undoes the sub-process as a whole."""
        log = compensation.log_of(scope)
        undone = self.compensation is not None or self.is_event_sub_process or compensation.BOSS in token.internal_data
        if not undone and (log or scope.definition.undoing):
            scope.root.internal_data.pop(compensation.LOG, None)
            compensation.remember(token, log)

"""Embedded sub-processes and event sub-processes."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

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
        scope.enter(None)
        return False

    def open(self, token: Token, scope: RunningScope) -> None:
        """Give the scope what it needs before its first token."""

    def scope_done(self, token: Token, scope: RunningScope) -> None:
        """Take the results of the ended scope, and go on."""
        self.deliver(token, {})
        token.container.case.forget(scope)
        token._ready()

"""Script task: one FEEL expression whose value is kept under a name."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spiff.specs.activity import Activity

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


class ScriptTask(Activity):
    """Evaluates ``script`` and writes the value to ``result``."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name)
        self.result = node.result
        self.script: Expression | None = None

    def _run_hook(self, my_task: Token) -> bool:
        value = my_task.container.case.feel.evaluate(my_task, self.script) if self.script else None
        self.deliver(my_task, {self.result: value} if self.result else {})
        return True

"""Business rule task: asks a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import ModelError, Text
from engine.spiff.expressions import explain
from engine.spiff.specs.activity import Activity

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


class RuleTask(Activity):
    """Evaluates a decision by id and keeps its value under ``result``."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name)
        self.result = node.result
        self.decision: Expression | None = None

    def _run_hook(self, my_task: Token) -> bool:
        case = my_task.container.case
        decision = str(case.feel.evaluate(my_task, self.decision)) if self.decision else ""
        outcome = case.environment.decide(decision, case.scopes.view(my_task))
        if outcome.value is None and outcome.problems:
            why = explain(outcome)
            zh = f"决策“{decision}”应得出结果,但没有{why.zh};请补齐所用数据,或为决策表增加规则或默认值。"
            en = f"Expected decision {decision} to give a result, but it gave none{why.en}, so supply data or add a rule."
            raise ModelError(Text(zh, en), self.bpmn_id)
        case.journal.decided(my_task, outcome.hits)
        self.deliver(my_task, {self.result: outcome.value} if self.result else {})
        return True

"""Standard loop: one iteration after the other while a condition holds."""

# mypy: allow-untyped-calls

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError, Text
from engine.spiff.scopes import LOOP_COUNTER
from engine.spiff.specs.node import Node

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


class StandardLoop(Node):
    """The body; ``item_node`` is the spec of one iteration. The condition sees the iterations done as ``loopCounter``.

    BPMN 2.0, 10.3.8 and 13.3.6.
    """

    recorded = False

    def __init__(self, scope: ScopeSpec, node: DrawnNode, item_node: str) -> None:
        super().__init__(scope, node)
        loop = node.loop
        assert loop is not None
        self.item_node = item_node
        self.test_before = loop.test_before
        self.condition: Expression | None = None
        self.maximum: Expression | None = None

    def arrive(self, token: Token) -> bool:
        """Start the first iteration, unless the condition is asked first and does not hold."""
        facts = token.internal_data
        facts["done"] = 0
        most = self._most(token)
        if most is not None:
            facts["most"] = most
        if most == 0 or (self.test_before and not self._holds(token, 0)):
            token.container.case.journal.entered(token)
            token.container.case.journal.passed(token)
            return True
        token._set_state(TaskState.STARTED)
        self._start(token)
        return False

    def item_done(self, token: Token) -> None:
        """Count a finished iteration; start the next one while the condition holds and there are rounds left."""
        body = token.owner
        assert body is not None
        facts = body.internal_data
        facts["done"] += 1
        if facts["done"] != facts.get("most") and self._holds(token, facts["done"]):
            self._start(body)
        else:
            body._ready()

    def _start(self, body: Token) -> None:
        number = body.internal_data["done"] + 1
        container = body.container
        child = container.hang(self.item_node, body, {"i": number - 1, "item": str(number)})
        container.case.scopes.open(child.key, {LOOP_COUNTER: Decimal(number)})
        child.spec._update(child)

    def _holds(self, token: Token, done: int) -> bool:
        if self.condition is None:
            return True
        return token.container.case.feel.holds(token, self.condition, {LOOP_COUNTER: Decimal(done)})

    def _most(self, token: Token) -> int | None:
        if self.maximum is None:
            return None
        value = token.container.case.feel.evaluate(token, self.maximum)
        try:
            return max(0, int(value))
        except (ValueError, TypeError) as error:
            shown = "null" if value is None else str(value)[:40]
            zh = f"循环次数上限应为整数,但得到“{shown}”;请修改。"
            en = f"Expected a whole number as the most rounds of the loop, but it is {shown}, so correct it."
            raise ModelError(Text(zh, en), self.bpmn_id) from error

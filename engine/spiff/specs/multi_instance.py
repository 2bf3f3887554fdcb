"""Multi-instance: a body that owns one token per iteration, counted and never listed."""

# mypy: allow-untyped-calls

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError, Text
from engine.spiff.limits import ITEMS, LABEL, too_many_items
from engine.spiff.scopes import HIDDEN, LOOP_COUNTER
from engine.spiff.specs.node import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token

ITEM_LIST = f"{HIDDEN}items"
PAGE = 50


class MultiInstance(Node):
    """The body; ``item_node`` is the spec of one iteration, whose scope has ``local`` names set to null first."""

    recorded = False

    def __init__(self, scope: ScopeSpec, node: DrawnNode, item_node: str) -> None:
        super().__init__(scope, node)
        loop = node.loop
        assert loop is not None
        self.item_node = item_node
        self.sequential = loop.kind == "sequential"
        self.element = loop.element
        self.output = loop.output_collection
        self.local: tuple[str, ...] = ()
        self.collection: Expression | None = None
        self.cardinality: Expression | None = None
        self.completion: Expression | None = None
        self.output_element: Expression | None = None

    def arrive(self, token: Token) -> bool:
        """Start the first iteration, or all of them."""
        items = self._items(token)
        token.internal_data.update(total=len(items), done=0, next=0)
        if not items:
            self._pass(token)
            return True
        token._set_state(TaskState.STARTED)
        case = token.container.case
        case.scopes.open(token.key, {ITEM_LIST: items} if self.sequential and len(items) > 1 else {})
        for item in items[:1] if self.sequential else items:
            self._start(token, item)
        return False

    def _pass(self, token: Token) -> None:
        """Note the activity although nothing is repeated."""
        token.container.case.journal.entered(token)
        token.container.case.journal.passed(token)
        if self.output:
            token.container.case.scopes.assign(token, {self.output: []})

    def _items(self, token: Token) -> list[Any]:
        feel = token.container.case.feel
        if self.collection is not None:
            value = feel.evaluate(token, self.collection)
            if not isinstance(value, list | tuple):
                raise _no_list(self.bpmn_id, value)
            count = len(value)
        else:
            number = feel.evaluate(token, self.cardinality) if self.cardinality else None
            if not isinstance(number, Decimal) or number < 0 or number != int(number):
                raise _no_list(self.bpmn_id, number)
            count = int(number)
            value = range(1, min(count, ITEMS) + 1)
        if count > ITEMS:
            raise too_many_items(self.bpmn_id, count)
        return list(value) if self.collection is not None else [Decimal(n) for n in value]

    def _start(self, token: Token, item: Any) -> None:
        state, container = token.internal_data, token.container
        number = state["next"]
        state["next"] = number + 1
        child = container.hang(self.item_node, token, {"i": number, "item": _label(item, number)})
        values: dict[str, Any] = dict.fromkeys(self.local)
        values[LOOP_COUNTER] = Decimal(number + 1)
        if self.element:
            values[self.element] = item
        container.case.scopes.open(child.key, values)
        child.spec._update(child)

    def item_done(self, token: Token) -> None:
        """Count a finished iteration; start the next one, or end when all are done or the condition holds."""
        body = token.owner
        assert body is not None
        state = body.internal_data
        state["done"] += 1
        self._collect(body, token)
        if state["done"] >= state["total"] or self._is_enough(body, token):
            self._end(body, token)
        elif self.sequential:
            items = body.container.case.scopes.read(body.key, ITEM_LIST)
            self._start(body, items[state["next"]])

    def _is_enough(self, body: Token, token: Token) -> bool:
        if self.completion is None:
            return False
        return token.container.case.feel.holds(token, self.completion, _counters(body.internal_data))

    def _end(self, body: Token, last: Token) -> None:
        for child in list(body.owned.values()):
            if child is not last:
                child.cancel()
        scopes = body.container.case.scopes
        result = self._collected(body) if self.output else None
        scopes.close(body.key)
        if self.output:
            scopes.assign(body, {self.output: result})
        body._ready()

    def _collect(self, body: Token, token: Token) -> None:
        if not self.output or self.output_element is None:
            return
        scopes = body.container.case.scopes
        page, place = divmod(token.internal_data["i"], PAGE)
        results = self._page(body, page)
        results[place] = token.container.case.feel.evaluate(token, self.output_element)
        scopes.write(body.key, _page_name(page), results)

    def _page(self, body: Token, page: int) -> list[Any]:
        """Return the results of fifty iterations, so that one more does not rewrite all of them."""
        size = min(PAGE, body.internal_data["total"] - page * PAGE)
        scopes = body.container.case.scopes
        if _page_name(page) not in scopes.names[body.key]:
            return [None] * size
        return list(scopes.read(body.key, _page_name(page)))

    def _collected(self, body: Token) -> list[Any]:
        pages = range(-(-body.internal_data["total"] // PAGE))
        return [result for page in pages for result in self._page(body, page)]


def _page_name(page: int) -> str:
    return f"{HIDDEN}results.{page}"


def _counters(state: Mapping[str, int]) -> dict[str, Decimal]:
    """Return the names BPMN offers to a completion condition."""
    return {
        "numberOfInstances": Decimal(state["total"]),
        "numberOfCompletedInstances": Decimal(state["done"]),
        "numberOfActiveInstances": Decimal(state["next"] - state["done"]),
        "numberOfTerminatedInstances": Decimal(0),
    }


def _label(item: Any, number: int) -> str:
    """Return how people call an iteration: the item itself, its name, or its number."""
    if isinstance(item, dict):
        item = next((value for value in item.values() if isinstance(value, str) and value), None)
    shown = str(number + 1) if item is None or isinstance(item, list | dict) else str(item)
    return shown[:LABEL]


def _no_list(element: str, value: Any) -> ModelError:
    shown = "null" if value is None else str(value)[:60]
    zh = f"逐项办理需要一份清单,但得到“{shown}”;请补齐所用数据或修改表达式。"
    en = f"Expected a list of items to repeat over, but it is {shown}, so supply the data or correct the expression."
    return ModelError(Text(zh, en), element)

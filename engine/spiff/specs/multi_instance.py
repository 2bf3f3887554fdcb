"""Multi-instance: a body that owns one token per iteration, counted and never listed.

The iterations of a parallel one are kept apart from the state, unless something inside listens to the whole case.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError, Text
from engine.spiff.limits import ITEMS, LABEL, too_many_items
from engine.spiff.scopes import HIDDEN, LOOP_COUNTER
from engine.spiff.specs.node import Node
from engine.spiff.tokens import APART, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression

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
        self.apart = False
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
        token.container.case.scopes.open(token.key, _pages_of(items) if self.sequential and len(items) > 1 else {})
        if self.apart:
            token.internal_data[APART] = True
            token.container.case.iterations.begin(token)
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
        if APART in state:
            child.part = child.key
            container.case.scopes.open_apart(child.key, values)
        else:
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
            self._start(body, _item(body, state["next"]))

    def _is_enough(self, body: Token, token: Token) -> bool:
        if self.completion is None:
            return False
        return token.container.case.feel.holds(token, self.completion, _counters(body.internal_data))

    def _end(self, body: Token, last: Token) -> None:
        case = body.container.case
        self._cancel_apart(body, last)
        for child in list(body.owned.values()):
            if child is not last:
                child.cancel()
        result = self._collected(body) if self.output else None
        case.iterations.end(body)
        case.scopes.close(body.key)
        if self.output:
            case.scopes.assign(body, {self.output: result})
        body._ready()

    def _on_cancel(self, my_task: Token) -> None:
        self._cancel_apart(my_task)
        my_task.container.case.iterations.end(my_task)

    def _cancel_apart(self, body: Token, last: Token | None = None) -> None:
        """Cancel the iterations that are kept apart but the last, reading some at a time."""
        for child in body.container.case.iterations.of(body):
            if child is not last:
                child.cancel()

    def _collect(self, body: Token, token: Token) -> None:
        if not self.output or self.output_element is None:
            return
        case = body.container.case
        if APART in body.internal_data:
            case.iterations.keep_result(body, token, case.feel.evaluate(token, self.output_element))
            return
        scopes = case.scopes
        page, place = divmod(token.internal_data["i"], PAGE)
        results = self._page(body, page)
        results[place] = case.feel.evaluate(token, self.output_element)
        scopes.write(body.key, _page_name(page), results)

    def _page(self, body: Token, page: int) -> list[Any]:
        """Return the results of fifty iterations, so that one more does not rewrite all of them."""
        try:
            return list(body.container.case.scopes.read(body.key, _page_name(page)))
        except KeyError:
            return [None] * min(PAGE, body.internal_data["total"] - page * PAGE)

    def _collected(self, body: Token) -> list[Any]:
        if APART in body.internal_data:
            return body.container.case.iterations.collected(body)
        pages = range(-(-body.internal_data["total"] // PAGE))
        return [result for page in pages for result in self._page(body, page)]


def _page_name(page: int) -> str:
    return f"{HIDDEN}results.{page}"


def _pages_of(items: list[Any]) -> dict[str, Any]:
    """Return the list fifty items at a time, so that the next one does not need all of them."""
    return {f"{ITEM_LIST}.{start // PAGE}": items[start : start + PAGE] for start in range(0, len(items), PAGE)}


def _item(body: Token, number: int) -> Any:
    scopes = body.container.case.scopes
    if ITEM_LIST in scopes.names[body.key]:
        # A case of format 1 keeps the whole list in one variable.
        return scopes.read(body.key, ITEM_LIST)[number]
    page, place = divmod(number, PAGE)
    return scopes.read(body.key, f"{ITEM_LIST}.{page}")[place]


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

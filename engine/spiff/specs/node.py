"""What all our specs have in common: how a token arrives, leaves and chooses its flows."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.errors import ModelError, Text
from engine.spiff import compensation

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.model import WaitKind
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.specs.multi_instance import MultiInstance
    from engine.spiff.specs.standard_loop import StandardLoop
    from engine.spiff.specs.trigger import Trigger
    from engine.spiff.tokens import Token


class Branch(NamedTuple):
    """A sequence flow out of a node."""

    flow: str
    target: str
    condition: Expression | None
    default: bool


class Node(BpmnSpecMixin):
    """A node of a scope; by itself a pass-through: none events, manual and undefined tasks.

    ``awaited`` is what the outside may move a token here by, ``multi`` the body of the repetition this is the iteration
    of, ``compensation`` the activity that undoes this one; ``recorded`` nodes appear in the history.
    """

    frozen = False
    listens = False
    joins = False
    recorded = True

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, name or node.id, bpmn_name=node.name)
        self.bpmn_id: str = node.id
        self.bpmn_name: str = node.name
        self.kind: str = node.kind
        self.process: str = scope.process
        self.properties = node.properties
        self.flows: tuple[Branch, ...] = ()
        self.incoming: tuple[str, ...] = ()
        self.boundary: tuple[str, ...] = ()
        self.trigger: Trigger | None = None
        self.awaited: WaitKind | None = None
        self.multi: str | None = None
        self.compensation: str | None = None
        self.is_event_sub_process = node.triggered_by_event

    def __setattr__(self, name: str, value: Any) -> None:
        if self.frozen:
            raise AttributeError(f"{self.name} is frozen")
        super().__setattr__(name, value)

    def enter(self, token: Token) -> None:
        """Do what comes before the boundary events are armed."""
        if self.recorded:
            token.container.case.journal.entered(token)

    def arrive(self, token: Token) -> bool:  # noqa: ARG002 (for overriding)
        """Return whether the token may run at once; otherwise it waits or has started."""
        return True

    def leave(self, token: Token) -> None:
        """Send the token on: to its multi-instance body, or along the chosen flows."""
        journal = token.container.case.journal
        journal.left(token, "completed")
        if self.compensation is not None:
            compensation.remember(token, [])
        if self.multi is not None:
            self._body(token).item_done(token)
            return
        if compensation.BOSS in token.internal_data:
            compensation.handler_done(token)
            return
        nodes = token.container.definition.nodes
        for branch in self.choose(token):
            if branch.flow:
                journal.took(self.process, branch.flow)
            token.container.put(branch.target, facts={"via": branch.flow} if nodes[branch.target].joins else None)
        if not self.flows:
            journal.reached_end(token)

    def _body(self, token: Token) -> MultiInstance | StandardLoop:
        return token.container.definition.nodes[self.multi]  # type: ignore[index,return-value]  # set by build together

    def choose(self, token: Token) -> list[Branch]:
        """Return the flows to take: all unconditional ones and those that hold, else the default."""
        plain = [branch for branch in self.flows if branch.condition is None and not branch.default]
        holding = [branch for branch in self.flows if self.is_open(token, branch)]
        chosen = plain + (holding or [branch for branch in self.flows if branch.default])
        if self.flows and not chosen:
            raise self.no_way_out()
        return chosen

    def is_open(self, token: Token, branch: Branch) -> bool:
        """Return whether a conditional flow may be taken."""
        if branch.condition is None or branch.default:
            return False
        return token.container.case.feel.holds(token, branch.condition)

    def no_way_out(self) -> ModelError:
        """Return the fault of a node none of whose flows can be taken."""
        shown = f"“{self.bpmn_name}”" if self.bpmn_name else self.bpmn_id
        zh = f"{shown}之后应至少有一条路径的条件成立,但都不成立;请修改条件或设一条默认路径。"
        en = f"Expected one flow after {shown} to hold, but none does, so change a condition or draw a default flow."
        return ModelError(Text(zh, en), self.bpmn_id)

    # --- what SpiffWorkflow calls

    def test(self) -> None:
        """Accept: definitions are checked before they are built."""

    def serialize(self, serializer: Any, **kwargs: Any) -> NoReturn:
        """Refuse: definitions are built from diagrams."""
        raise NotImplementedError("definitions are built from diagrams")

    def _predict(self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """The future of a token is not predicted: no tree of possible tasks is kept."""

    def _on_ready_hook(self, my_task: Token) -> None:
        pass

    def _update_hook(self, my_task: Token) -> bool:
        self.enter(my_task)
        for name in self.boundary:
            my_task.container.put(name, my_task)
        return self.arrive(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:  # noqa: ARG002 (for overriding)
        return True

    def _on_complete(self, my_task: Token) -> None:
        for child in list(my_task.owned.values()):
            if child.listening:
                child.cancel()
        self.leave(my_task)
        my_task.container._task_completed_notify(my_task)

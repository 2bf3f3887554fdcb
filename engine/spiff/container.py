"""What a case and its running sub-processes share: a root, live tokens, and an end when none is left."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.spiff.definition import ScopeSpec
from engine.spiff.tokens import Token

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.specs.ad_hoc import AdHoc
    from engine.spiff.specs.sub_process import SubProcess


class Container:
    """Mixed into SpiffWorkflow's workflow classes; ``parked`` indexes tokens at joins by node."""

    case: Case
    definition: ScopeSpec
    root: Token
    parked: dict[str, dict[int, Token]]
    completed: bool
    owner: Token | None = None
    closed = False
    call_depth = 0

    def prepare(self, case: Case, definition: ScopeSpec) -> None:
        """Set what every container has before SpiffWorkflow's own initialisation."""
        self.case = case
        self.definition = definition
        self.parked = {}

    @property
    def tokens(self) -> dict[int, Token]:
        """Return the tokens of this scope by key, its root first."""
        return cast("dict[int, Token]", cast(Any, self).tasks)

    def begin(self, key: int | None = None) -> None:
        """Make the root, with the stored key when loading."""
        self.root = Token(self, self.definition.start, None, TaskState.COMPLETED, key)
        cast(Any, self).task_tree = self.root

    def put(self, node: str, owner: Token | None = None, facts: Mapping[str, Any] | None = None) -> Token:
        """Let a new token arrive at a node; returns it."""
        token = self.hang(node, owner or self.root, facts)
        token.spec._update(token)
        return token

    def hang(self, node: str, owner: Token, facts: Mapping[str, Any] | None = None) -> Token:
        """Return a new token at a node that has not arrived yet."""
        token = Token(self, self.definition.nodes[node], owner)
        if facts:
            token.internal_data.update(facts)
        return token

    def enter(self, *starts: str) -> None:
        """Arm the event sub-processes and start at the given nodes, else at the entries."""
        for name in self.definition.listeners:
            self.put(name)
        for name in starts or self.definition.entries:
            self.put(name)
        self._task_completed_notify(None)

    def park(self, token: Token) -> None:
        """Let a token wait at a join."""
        self.parked.setdefault(token.spec.name, {})[token.key] = token

    def remove(self, token: Token) -> None:
        """Forget a token that is done."""
        self.tokens.pop(token.key, None)
        self.case.index.pop(token.key, None)
        self.case.conditional.pop(token.key, None)
        if token.spec.joins:
            self.parked.get(token.spec.name, {}).pop(token.key, None)

    def wipe(self, spare: Collection[Token] = ()) -> None:
        """Cancel every token but the spared ones."""
        for token in list(self.tokens.values()):
            if token is not self.root and token.key in self.tokens and token not in spare:
                token.cancel()

    def is_busy(self) -> bool:
        """Return whether any token is left that is more than a listener."""
        return any(token is not self.root and not token.listening for token in self.tokens.values())

    def finish(self) -> None:
        """End: what still listens is dropped."""
        self.completed = True
        self.wipe()

    def _task_completed_notify(self, token: Any) -> None:
        if token is not None:
            token.drop("completed")
        if not self.completed and not self.is_busy():
            self.finish()

    def update_waiting_tasks(self) -> None:
        """Nothing is polled: a token moves when it is told to."""

    def is_completed(self) -> bool:
        """Return whether no token is left."""
        return self.completed


class RunningScope(Container, BpmnSubWorkflow):
    """A running sub-process, event sub-process or called process, owned by the token of its activity."""

    def __init__(self, case: Case, definition: ScopeSpec, owner: Token) -> None:
        self.prepare(case, definition)
        self.owner = owner
        self.closed = definition.closed
        self.call_depth = owner.container.call_depth + definition.closed
        BpmnSubWorkflow.__init__(self, definition, owner.key, case, deserializing=True)

    def _task_completed_notify(self, token: Any) -> None:
        owner = cast(Token, self.owner)
        if self.definition.begun and token is not None:
            cast("AdHoc", owner.spec).activity_done(self, token)
        super()._task_completed_notify(token)

    def finish(self) -> None:
        """End, and let the owning activity go on."""
        super().finish()
        owner = cast(Token, self.owner)
        cast("SubProcess", owner.spec).scope_done(owner, self)

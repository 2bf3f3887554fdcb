"""Call activity: a process of its own, with copies in and copies out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.spiff.limits import CALL_DEPTH, too_many_calls
from engine.spiff.specs.node import Node
from engine.spiff.specs.sub_process import SubProcess

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.container import RunningScope
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.tokens import Token


class CallActivity(SubProcess):
    """Calls a process; ``copies_back`` says whether it gives back what it wrote when no output mapping is drawn."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, inner: str, name: str | None = None) -> None:
        super().__init__(scope, node, inner, name)
        self.copies_back = node.propagate_all

    def enter(self, token: Token) -> None:
        """Note the token; input mappings are written into the called process, not beside it."""
        Node.enter(self, token)

    def open(self, token: Token, scope: RunningScope) -> None:
        """Open the scope of the called process with its copies; raises ModelError when calls nest too deeply."""
        if scope.call_depth > CALL_DEPTH:
            raise too_many_calls(self.bpmn_id)
        scopes = token.container.case.scopes
        copies: dict[str, Any] = self.inputs_of(token) if self.input_mappings else dict(scopes.view(token))
        scopes.open_called(scope.root.key, copies)

    def scope_done(self, token: Token, scope: RunningScope) -> None:
        """Copy back what the output mappings name, else what the called process wrote; then go on."""
        scopes = token.container.case.scopes
        if self.output_mappings:
            self.deliver(token, scopes.view(scope.root))
        elif self.copies_back:
            self.deliver(token, scopes.changed_by(scope.root.key))
        token.container.case.forget(scope)
        token._ready()

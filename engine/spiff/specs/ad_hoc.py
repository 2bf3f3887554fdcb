"""Ad-hoc sub-processes: people, or an expression, say which of the activities are done; a condition or people end it.

BPMN 2.0, 10.3.5 and 13.3.5.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError, Text
from engine.spiff.specs.sub_process import SubProcess
from engine.spiff.specs.user_task import UserTask

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.container import RunningScope
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token

ACTIVATE, FINISHED = "activate", "finished"
_CHOICE, _CLOSING = "choice", "closing"


def choice_name(element: str) -> str:
    """Return the name of the node at which people choose the next activity of an ad-hoc sub-process."""
    return f"{element}?"


def choice_form(element: str) -> str:
    """Return the id of the form in which people choose the next activity."""
    return f"{element}?"


class AdHoc(SubProcess):
    """Begins the activities ``active`` names; without it a person chooses, at ``choice_name``, as often as needed."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, inner: str, name: str | None = None) -> None:
        super().__init__(scope, node, inner, name)
        assert node.ad_hoc is not None
        self.sequential = node.ad_hoc.ordering == "sequential"
        self.cancels = node.ad_hoc.cancel_remaining
        self.active: Expression | None = None
        self.completion: Expression | None = None

    def begin(self, token: Token, scope: RunningScope) -> None:
        """Begin what the expression names, or let a person choose."""
        first = (choice_name(self.bpmn_id),) if self.active is None else self._named(token, scope)
        scope.enter(*first)

    def activity_done(self, scope: RunningScope, token: Token) -> None:
        """End the sub-process if its condition holds now; otherwise see that something goes on where it must."""
        if isinstance(token.spec, ChooseActivity) or token.listening or _CLOSING in scope.root.internal_data:
            return
        if self.completion is not None and token.container.case.feel.holds(token, self.completion):
            self.close(scope, token)
        elif self._waits_for_choice(scope, token):
            scope.put(choice_name(self.bpmn_id))

    def chosen(self, scope: RunningScope, token: Token, choice: Mapping[str, Any]) -> None:
        """Begin what a person chose, and let them choose again or end."""
        for name in _startable(self.bpmn_id, scope, choice.get(ACTIVATE)):
            scope.put(name)
        if choice.get(FINISHED) is True:
            self.close(scope, token)
        elif not self.sequential or not _is_active(scope, token):
            scope.put(choice_name(self.bpmn_id))

    def close(self, scope: RunningScope, last: Token) -> None:
        """Begin nothing more; what still runs is cancelled, unless the drawing lets it finish."""
        scope.root.internal_data[_CLOSING] = True
        for token in list(scope.root.owned.values()):
            if token is not last and (self.cancels or isinstance(token.spec, ChooseActivity)):
                token.cancel()

    def _waits_for_choice(self, scope: RunningScope, token: Token) -> bool:
        if any(isinstance(other.spec, ChooseActivity) for other in scope.root.owned.values()):
            return False
        return (self.active is None or self.completion is not None) and not _is_active(scope, token)

    def _named(self, token: Token, scope: RunningScope) -> tuple[str, ...]:
        value = token.container.case.feel.evaluate(token, self.active) if self.active else None
        return _startable(self.bpmn_id, scope, value if isinstance(value, list | tuple) else [value])


class ChooseActivity(UserTask):
    """The user task at which a person chooses what is done next in an ad-hoc sub-process."""

    def deliver(self, token: Token, values: Mapping[str, Any]) -> None:
        """Keep the choice with the token: it is no variable of the case."""
        token.internal_data[_CHOICE] = {name: values[name] for name in (ACTIVATE, FINISHED) if name in values}

    def leave(self, token: Token) -> None:
        """Begin what was chosen."""
        container = token.container
        container.case.journal.left(token, "completed")
        owner = container.owner
        assert owner is not None
        assert isinstance(owner.spec, AdHoc)
        owner.spec.chosen(container, token, token.internal_data[_CHOICE])  # type: ignore[arg-type]  # an inner scope


def _is_active(scope: RunningScope, besides: Token) -> bool:
    """Return whether anything is under way in the scope."""
    owned = (token for token in scope.root.owned.values() if token is not besides)
    return any(not token.listening and not token.state & TaskState.FINISHED_MASK for token in owned)


def _startable(element: str, scope: RunningScope, names: Any) -> tuple[str, ...]:
    """Return the activities to begin; raises ModelError for a name that is none of them."""
    wanted = [names] if isinstance(names, str) else list(names or ())
    for name in wanted:
        if name not in scope.definition.begun:
            raise _unknown(element, name, scope.definition.begun)
    return tuple(dict.fromkeys(wanted))


def _unknown(element: str, name: Any, known: tuple[str, ...]) -> ModelError:
    listed = ", ".join(known)
    shown = "null" if name is None else str(name)[:40]
    zh = f"应从本环节的活动中选择({listed}),但得到“{shown}”;请改正要启动的活动编号。"
    en = f"Expected activities of the ad-hoc sub-process ({listed}), but got {shown}, so correct what is to be begun."
    return ModelError(Text(zh, en), element)

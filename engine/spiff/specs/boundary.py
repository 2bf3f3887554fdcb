"""Boundary events, and the starts of event sub-processes: listeners that belong to an activity or a scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.specs.catch import CatchEvent
from engine.spiff.specs.trigger import arm
from engine.spiff.timers import Armed

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.tokens import Token


class BoundaryEvent(CatchEvent):
    """A listener owned by the token of its activity; once it fires it is an ordinary token of the scope."""

    listens = True

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name)
        self.interrupting = node.interrupting

    def _update_hook(self, my_task: Token) -> bool:
        if "fired" in my_task.internal_data:
            self.enter(my_task)
            return True
        self.listen(my_task)
        return False

    def fire(self, token: Token, values: Mapping[str, Any]) -> None:
        """Let the event happen: cancel the activity, or leave it and go on beside it."""
        if self.interrupting:
            self._interrupt(token)
            self._become_event(token, values)
        elif self._is_repeated(token):
            event = token.container.put(self.name, facts={"fired": True})
            self.deliver(event, values)
        else:
            token.move_up()
            self._become_event(token, values)

    def _interrupt(self, token: Token) -> None:
        activity = token.owner
        if activity is None:
            return
        activity.failed = self.trigger is not None and self.trigger.kind == "error"
        token.internal_data["fired"] = True
        token._set_state(TaskState.STARTED)
        activity.cancel(spare=token)

    def _become_event(self, token: Token, values: Mapping[str, Any]) -> None:
        token.internal_data = {"fired": True}
        self.enter(token)
        self.deliver(token, values)
        token._ready()

    def _is_repeated(self, token: Token) -> bool:
        """Return whether the listener stays; a cycle timer is armed anew, with the same token."""
        if self.trigger is None or self.trigger.kind != "timer":
            return True
        following = Armed.restored(token.internal_data["timer"]).next()
        if following is None:
            return False
        arm(token, self.trigger, following)
        return True


class EventSubProcessStart(BoundaryEvent):
    """Waits beside the tokens of its scope; starts ``handler`` when it fires."""

    recorded = True

    def __init__(self, scope: ScopeSpec, node: DrawnNode, handler: str) -> None:
        super().__init__(scope, node, f"{node.id}@")
        self.handler = handler

    def fire(self, token: Token, values: Mapping[str, Any]) -> None:
        """Start the event sub-process; an interrupting one cancels everything else in its scope first."""
        container = token.container
        stays = not self.interrupting and self._is_repeated(token)
        if self.interrupting:
            container.wipe(spare=(token,))
        handler = container.put(self.handler)
        self.deliver(handler, values)
        if not stays:
            token._set_state(TaskState.COMPLETED)
            token.drop("completed")

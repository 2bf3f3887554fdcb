"""Intermediate catch events and receive tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.specs.activity import Activity
from engine.spiff.specs.gateways import EventBasedGateway
from engine.spiff.specs.trigger import arm, subscribe

if TYPE_CHECKING:
    from engine.model import WaitKind
    from engine.spiff.specs.trigger import Trigger
    from engine.spiff.tokens import Token

_FROM_OUTSIDE: Mapping[str, WaitKind] = {
    "timer": "timer",
    "message": "message",
    "signal": "signal",
    "conditional": "conditional",
}


class CatchEvent(Activity):
    """Waits for its trigger; a none event passes."""

    def wait_for(self, trigger: Trigger | None) -> None:
        """Set what the event waits for."""
        self.trigger = trigger
        self.awaited = _FROM_OUTSIDE.get(trigger.kind) if trigger is not None else None

    def arrive(self, token: Token) -> bool:
        """Wait for the trigger."""
        if self.trigger is None:
            return True
        self.listen(token)
        return False

    def listen(self, token: Token) -> None:
        """Make the token wait and note what for."""
        token._set_state(TaskState.WAITING)
        if self.trigger is not None and self.trigger.kind == "timer":
            arm(token, self.trigger)
        elif self.trigger is not None and self.trigger.kind in ("message", "signal", "conditional"):
            subscribe(token, self.trigger)

    def fire(self, token: Token, values: Mapping[str, Any]) -> None:
        """Let the event happen, with what it brought."""
        gate = token.owner
        if gate is not None and isinstance(gate.spec, EventBasedGateway):
            gate.spec.chosen(gate, token)
        self.deliver(token, values)
        token._ready()

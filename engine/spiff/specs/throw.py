"""Throw and end events that do something: error, escalation, terminate, message, signal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.model import SentMessage, SentSignal
from engine.spiff.climbing import climb
from engine.spiff.specs.activity import Activity
from engine.spiff.specs.trigger import correlation_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.spiff.specs.catch import CatchEvent
    from engine.spiff.tokens import Token


class ErrorEnd(Activity):
    """Throws an error, which ends whatever it is caught on."""

    def _run_hook(self, my_task: Token) -> bool | None:
        code = self.trigger.name if self.trigger and self.trigger.name else ""
        my_task.container.case.journal.left(my_task, "completed")
        climb(my_task, "error", code, {})
        return None


class EscalationThrow(Activity):
    """Throws an escalation and goes on, unless it is interrupted by what catches it."""

    def _run_hook(self, my_task: Token) -> bool:
        code = self.trigger.name if self.trigger and self.trigger.name else ""
        case = my_task.container.case
        case.journal.escalated(self.bpmn_id, code)
        if not self.flows:
            case.journal.left(my_task, "completed")
        climb(my_task, "escalation", code, {})
        return True


class TerminateEnd(Activity):
    """Ends its scope at once."""

    def _run_hook(self, my_task: Token) -> bool:
        my_task.container.wipe(spare=(my_task,))
        return True


class MessageThrow(Activity):
    """Sends a message with its correlation key; the command delivers it."""

    def _run_hook(self, my_task: Token) -> bool:
        if self.trigger is not None:
            values = self.visible_to_worker(my_task) if self.input_mappings else {}
            name, key = self.trigger.name or "", correlation_key(my_task, self.trigger)
            message = SentMessage(my_task.key, self.process, self.bpmn_id, name, key, values)
            my_task.container.case.journal.sent(message)
        return True


class SignalThrow(Activity):
    """Broadcasts a signal: its own case hears it during the throw, others hear it from the command after the step."""

    def _run_hook(self, my_task: Token) -> bool:
        name = self.trigger.name or "" if self.trigger else ""
        case = my_task.container.case
        values: Mapping[str, Any] = dict(self.visible_to_worker(my_task)) if self.input_mappings else {}
        case.journal.signalled(SentSignal(my_task.key, self.process, self.bpmn_id, name, values))
        if not self.flows:
            case.journal.left(my_task, "completed")
        for hearer in [token for token in case.index.values() if _hears(token, name)]:
            if _hears(hearer, name) and case.index.get(hearer.key) is hearer:
                cast("CatchEvent", hearer.spec).fire(hearer, values)
        return True


def _hears(token: Token, signal: str) -> bool:
    trigger = token.spec.trigger
    return token.waiting and trigger is not None and trigger.kind == "signal" and trigger.name == signal

"""Writes down what one step does, as the plain lists the store turns into rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.model import (
    ArmedTimer,
    Entered,
    Hit,
    Left,
    OpenedTask,
    RequestedJob,
    SentMessage,
    SentSignal,
    Step,
    Subscribed,
)

if TYPE_CHECKING:
    from engine.spiff.tokens import Outcome, Token

DOCUMENT = "document"


class Journal:
    """Collects a step; a token is written as left at most once."""

    def __init__(self) -> None:
        self.step = Step()
        self.views: dict[int, Mapping[str, Any]] = {}
        self._hits: dict[int, tuple[Hit, ...]] = {}

    def entered(self, token: Token) -> None:
        """Note that a token entered an activity or event."""
        spec = token.spec
        entry = Entered(token.key, spec.process, spec.bpmn_id, spec.bpmn_name, spec.kind, token.item(), spec.properties)
        self.step.entered.append(entry)

    def left(self, token: Token, outcome: Outcome) -> None:
        """Note that a token left, if it was entered or something waits for it."""
        if token.recorded_left or not _is_known(token):
            return
        token.recorded_left = True
        if outcome == "completed" and DOCUMENT in token.spec.properties:
            self.views[token.key] = token.container.case.scopes.remember(token)
        spec = token.spec
        hits = self._hits.pop(token.key, ())
        self.step.left.append(Left(token.key, spec.process, spec.bpmn_id, outcome, spec.awaited, hits))

    def decided(self, token: Token, hits: Iterable[Hit]) -> None:
        """Note which rules of which tables gave a decision's answer."""
        self._hits[token.key] = tuple(hits)

    def passed(self, token: Token) -> None:
        """Note that a multi-instance activity with nothing to repeat was left."""
        self.step.left.append(Left(token.key, token.spec.process, token.spec.bpmn_id, "completed"))

    def took(self, process: str, flow: str) -> None:
        """Note that a sequence flow was taken."""
        self.step.flows.append((process, flow))

    def opened(self, task: OpenedTask) -> None:
        """Note an opened user task."""
        self.step.opened.append(task)

    def armed(self, timer: ArmedTimer) -> None:
        """Note an armed timer; the last one of a token counts."""
        self.step.timers.append(timer)

    def requested(self, job: RequestedJob) -> None:
        """Note a remote service to be called."""
        self.step.jobs.append(job)

    def subscribed(self, subscription: Subscribed) -> None:
        """Note a token that waits for a message, a signal or a condition."""
        self.step.subscriptions.append(subscription)

    def sent(self, message: SentMessage) -> None:
        """Note a thrown message."""
        self.step.messages.append(message)

    def signalled(self, signal: SentSignal) -> None:
        """Note a thrown signal."""
        self.step.signals.append(signal)

    def escalated(self, element: str, code: str) -> None:
        """Note a thrown escalation, caught or not."""
        self.step.escalations.append((element, code))

    def reached_end(self, token: Token) -> None:
        """Note where a token ended; the last one names the end of the case."""
        if token.container.call_depth == 0:
            self.step.end_event, self.step.end_name = token.spec.bpmn_id, token.spec.bpmn_name

    def ended(self) -> None:
        """Note the end of the case."""
        self.step.ended = True


def _is_known(token: Token) -> bool:
    spec = token.spec
    if not spec.recorded:
        return False
    if spec.listens and "fired" not in token.internal_data:
        return spec.awaited is not None
    return True

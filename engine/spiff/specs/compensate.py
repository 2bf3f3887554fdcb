"""Compensation throw and end events, and the cancel end event of a transaction."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.errors import ModelError, Text
from engine.spiff.compensation import UNDONE, begin, concerned
from engine.spiff.specs.activity import Activity

if TYPE_CHECKING:
    from engine.spiff.specs.boundary import BoundaryEvent
    from engine.spiff.tokens import Token


class CompensationThrow(Activity):
    """Undoes what its scope has completed, or all runs of one activity, and goes on when that is done."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if UNDONE in my_task.internal_data:
            return True
        activity = self.trigger.name if self.trigger else None
        return None if begin(my_task, concerned(my_task.container), activity) else True


class CancelEnd(Activity):
    """Cancels its transaction: ends all else in it, undoes what it has completed, then leaves by the cancel event."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if UNDONE not in my_task.internal_data:
            my_task.container.wipe(spare=(my_task,))
            if begin(my_task, my_task.container, None):
                return None
        hit = _cancel_event(my_task)
        if hit is None:
            raise self._uncaught()
        my_task.container.case.journal.left(my_task, "completed")
        cast("BoundaryEvent", hit.spec).fire(hit, {})
        return None

    def _uncaught(self) -> ModelError:
        shown = self.bpmn_name or self.bpmn_id
        zh = f"取消事件“{shown}”应由事务边框上的取消边界事件接住,但没有画;请画上。"
        en = f"Expected a cancel event on the border of the transaction around {shown}, but there is none, so draw it."
        return ModelError(Text(zh, en), self.bpmn_id)


def _cancel_event(token: Token) -> Token | None:
    """Return what listens on the transaction, or on the body whose iteration it is."""
    at = token.container.owner
    while at is not None:
        for listener in at.owned.values():
            trigger = listener.spec.trigger
            if listener.listening and trigger is not None and trigger.kind == "cancel":
                return listener
        at = at.owner if at.is_nested else None
    return None

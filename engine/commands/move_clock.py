"""Moves business time forward, in the demo alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.errors import Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, business_clock
from engine.store.transaction import Transaction


def move_clock(runtime: Runtime, transaction: Transaction, actor: Actor, *, to: datetime) -> timedelta:
    """Return the new offset of business time from wall time.

    Raises Forbidden outside the demo, Invalid for a moment before the present one: time runs one way.
    """
    if not runtime.settings.demo:
        raise Forbidden(
            Text("只有演示环境可以调整时钟。", "Expected the demo; the clock of a real system is not moved.")
        )
    if to < transaction.now:
        message = Text(
            "时钟只能向前调。", f"Expected a moment after {transaction.now:%Y-%m-%d %H:%M}; time runs forward."
        )
        raise Invalid(message, {"to": message})
    offset = to - transaction.wall
    business_clock.set_offset(transaction, offset)
    entry = audit.Entry("move_clock", "business_clock", details={"to": to.isoformat()})
    audit.append_unlocked(transaction, "clock", actor, entry)
    transaction.after_commit(lambda: business_clock.use(runtime.clock, offset))
    transaction.after_commit(runtime.wake)
    return offset

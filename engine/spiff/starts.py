"""When a timer start event fires: there is no case yet, its expression sees the numbers in force and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.clock import following
from engine.feel import Environment
from engine.model import Evaluation
from engine.spiff.expressions import value
from engine.spiff.timers import Armed, plan_timer

if TYPE_CHECKING:
    from engine.diagram.tree import TimerKind


def plan_start(
    kind: TimerKind, text: str, policy: Mapping[str, Any], feel: Environment, element: str, fired: int | None = None
) -> Armed:
    """Return the schedule armed at the environment's time, gone on to the firing with this count where given.

    Raises ModelError when the value is not a usable time.
    """
    expression = value(text, ("policy",), element)
    result = Evaluation(expression.text)
    if expression.compiled is not None:
        result = expression.compiled.evaluate({"policy": policy}, feel)
    armed = plan_timer(kind, result, feel, element)
    schedule = armed.schedule
    while fired is not None and schedule.fired < fired and (later := following(schedule)) is not None:
        schedule = later
    return Armed(armed.at, schedule)

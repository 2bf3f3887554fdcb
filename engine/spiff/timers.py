"""Due times: evaluated once, stored with the token, never polled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.clock import SHANGHAI, Schedule, following, plan
from engine.errors import ModelError, Text
from engine.feel import Environment
from engine.spiff.expressions import explain

if TYPE_CHECKING:
    from engine.diagram.tree import TimerKind
    from engine.model import Evaluation
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


class Armed(NamedTuple):
    """When a timer was armed and when it fires."""

    at: datetime
    schedule: Schedule

    def stored(self) -> list[Any]:
        """Return it as plain values for the state."""
        plan = self.schedule
        until = plan.until.isoformat() if plan.until else None
        times = [self.at.isoformat(), plan.due.isoformat(), plan.anchor.isoformat()]
        return [*times, plan.period, plan.fired, plan.remaining, until, plan.provisional]

    @classmethod
    def restored(cls, stored: list[Any]) -> Armed:
        """Return it from what ``stored`` wrote."""
        at, due, anchor, period, fired, remaining, until, provisional = stored
        end = moment(until) if until else None
        return cls(moment(at), Schedule(moment(due), moment(anchor), period, fired, remaining, end, provisional))

    def next(self) -> Armed | None:
        """Return the next firing of a cycle, or None when it is over."""
        schedule = following(self.schedule)
        return None if schedule is None else Armed(self.at, schedule)


def moment(text: str) -> datetime:
    """Return a stored time, in Asia/Shanghai."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def plan_timer(kind: TimerKind, result: Evaluation, feel: Environment, element: str) -> Armed:
    """Return the schedule of an evaluated timer; raises ModelError when the value is not a usable time."""
    try:
        schedule = plan(kind, result.value, feel.now)
    except (ValueError, TypeError) as error:
        raise _unplannable(result, error, element) from error
    return Armed(feel.now, _marked(schedule, feel.used_provisional()))


def _marked(schedule: Schedule, provisional: bool) -> Schedule:
    if not provisional or schedule.provisional:
        return schedule
    s = schedule
    return Schedule(s.due, s.anchor, s.period, s.fired, s.remaining, s.until, provisional=True)


def due_time(token: Token, expression: Expression | None, now: datetime) -> tuple[datetime | None, bool]:
    """Return when a user task is due, counted from ``now``, and whether that is provisional; None where not drawn."""
    if expression is None:
        return None, False
    case = token.container.case
    feel = Environment(now=now, calendar=case.environment.calendar)
    result = case.feel.appraise(token, expression, feel=feel)
    if result.value is None and not result.problems:
        return None, False
    kind: TimerKind = "duration" if _is_duration(result.value) else "date"
    armed = plan_timer(kind, result, feel, token.spec.bpmn_id)
    return armed.schedule.due, armed.schedule.provisional


def _is_duration(value: Any) -> bool:
    return (
        value.startswith("P")
        if isinstance(value, str)
        else not isinstance(value, datetime) and not hasattr(value, "year")
    )


def _unplannable(result: Evaluation, error: Exception, element: str) -> ModelError:
    why = explain(result)
    zh = f"期限应能算出一个时间,但得到“{str(result.value)[:60]}”{why.zh};请修改时间表达式或补齐所用数据。"
    en = f"{error}{why.en}, so correct the time expression or supply its data."
    return ModelError(Text(zh, en), element)

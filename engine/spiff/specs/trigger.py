"""What an event waits for or throws, with its expressions compiled."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.errors import ModelError, Text
from engine.feel import Environment
from engine.model import ArmedTimer, Subscribed
from engine.spiff.timers import Armed, plan_timer

if TYPE_CHECKING:
    from engine.diagram.tree import EventKind, TimerKind
    from engine.model import SubscriptionKind
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event definition; ``name`` is a message name or a code (None: any code)."""

    kind: EventKind
    name: str | None = None
    timer_kind: TimerKind | None = None
    expression: Expression | None = None
    key: Expression | None = None

    def expressions(self) -> tuple[Expression, ...]:
        """Return the expressions it evaluates."""
        return tuple(one for one in (self.expression, self.key) if one is not None)

    def catches(self, kind: str, code: str | None) -> bool:
        """Return whether an error or escalation of this code is caught."""
        return self.kind == kind and self.name in (None, "", code)


def arm(token: Token, trigger: Trigger, armed: Armed | None = None) -> ArmedTimer:
    """Arm the token's timer, from now or with a schedule already known, and return it as noted."""
    case = token.container.case
    if armed is None:
        armed = planned(token, trigger)
    token.internal_data["timer"] = armed.stored()
    schedule = armed.schedule
    timer = ArmedTimer(token.key, token.spec.process, token.spec.bpmn_id, schedule.due, armed.at, schedule.provisional)
    case.journal.armed(timer)
    return timer


def planned(token: Token, trigger: Trigger) -> Armed:
    """Return the schedule of a timer that starts now."""
    case = token.container.case
    return plan_at(token, trigger, Environment(now=case.environment.now, calendar=case.environment.calendar))


def plan_at(token: Token, trigger: Trigger, feel: Environment) -> Armed:
    """Return the schedule of a timer whose clock shows the environment's time."""
    assert trigger.expression is not None
    assert trigger.timer_kind is not None
    result = token.container.case.feel.appraise(token, trigger.expression, feel=feel)
    return plan_timer(trigger.timer_kind, result, feel, token.spec.bpmn_id)


def subscribe(token: Token, trigger: Trigger) -> None:
    """Note that the token waits for a message with its correlation key, or for a signal or condition, without one."""
    case, spec = token.container.case, token.spec
    name, key = trigger.name or "", ""
    kind: SubscriptionKind = "signal" if trigger.kind == "signal" else "message"
    if trigger.kind == "message":
        key = correlation_key(token, trigger)
    elif trigger.kind == "conditional":
        name, kind = trigger.expression.text if trigger.expression else "", "conditional"
        case.conditional[token.key] = token
        case.scopes.changed = True
    case.journal.subscribed(Subscribed(token.key, spec.process, spec.bpmn_id, name, key, kind))


def correlation_key(token: Token, trigger: Trigger) -> str:
    """Return the key as text, empty where none is drawn; raises ModelError when it is null."""
    if trigger.key is None:
        return ""
    value = token.container.case.feel.evaluate(token, trigger.key)
    if not isinstance(value, str | Decimal):
        zh = f"消息“{trigger.name}”的关联键应为文字或数字,但不是;请先填写所用数据。"
        en = f"Expected a text or number as key of message “{trigger.name}”, but it is not, so supply its data first."
        raise ModelError(Text(zh, en), token.spec.bpmn_id)
    return str(value)

"""Conditional events: each fires when its condition turns from false to true, once the case is otherwise at rest."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.specs.catch import CatchEvent
    from engine.spiff.tokens import Token

HELD = "held"


def fire_conditions(case: Case) -> bool:
    """Fire every waiting condition that has come to hold and return whether any did; nothing changed, nothing fires.

    Raises ModelError for a condition that is neither true, false nor null: what is not known yet does not hold.
    """
    if not case.conditional or not case.scopes.changed:
        case.scopes.changed = False
        return False
    case.scopes.changed = False
    fired = False
    for token in sorted(case.conditional.values(), key=lambda one: one.key):
        if not token.waiting:
            case.conditional.pop(token.key, None)
            continue
        if not _turned(case, token):
            continue
        cast("CatchEvent", token.spec).fire(token, {})
        fired = True
    return fired


def _turned(case: Case, token: Token) -> bool:
    """Return whether the condition holds now and did not before; what it was is kept with the token."""
    held = bool(token.internal_data.get(HELD))
    holds = _holds(case, token)
    if holds:
        token.internal_data[HELD] = True
    else:
        token.internal_data.pop(HELD, None)
    return holds and not held


def _holds(case: Case, token: Token) -> bool:
    trigger = token.spec.trigger
    assert trigger is not None
    assert trigger.expression is not None
    if case.feel.evaluate(token, trigger.expression) is None:
        return False
    return case.feel.holds(token, trigger.expression)

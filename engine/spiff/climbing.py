"""Errors and escalations climb: the activity's boundary, its multi-instance body, the scope's handlers, the owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

from engine.errors import ModelError, Text

if TYPE_CHECKING:
    from engine.spiff.specs.boundary import BoundaryEvent
    from engine.spiff.tokens import Token


def climb(thrower: Token, kind: Literal["error", "escalation"], code: str, values: Mapping[str, Any]) -> bool:
    """Fire the innermost event that catches the code and return True; an escalation may be caught nowhere.

    Raises ModelError for an error that nothing catches.
    """
    thrower.failed = kind == "error"
    at: Token | None = thrower
    while at is not None:
        hit = _best(at.owned.values(), kind, code) or _handler(at, kind, code)
        if hit is not None:
            cast("BoundaryEvent", hit.spec).fire(hit, values)
            return True
        at = at.owner if at.is_nested else at.container.owner
    if kind == "error":
        raise _uncaught(thrower, code)
    return False


def _handler(at: Token, kind: str, code: str) -> Token | None:
    """Return an event sub-process of the scope that catches the code; none catches what it throws itself."""
    if at.is_nested:
        return None
    container = at.container
    starts = (token for name in container.definition.listeners for token in _standing_on(container.root, name))
    return _best((token for token in starts if getattr(token.spec, "handler", None) != at.spec.name), kind, code)


def _standing_on(root: Token, name: str) -> Iterable[Token]:
    return [token for token in root.owned.values() if token.spec.name == name]


def _best(tokens: Iterable[Token], kind: str, code: str) -> Token | None:
    """Return the listener for exactly this code, else the one for any."""
    hits = [t for t in tokens if t.listening and t.spec.trigger is not None and t.spec.trigger.catches(kind, code)]
    exact = [token for token in hits if token.spec.trigger is not None and token.spec.trigger.name]
    return next(iter(exact or hits), None)


def _uncaught(thrower: Token, code: str) -> ModelError:
    shown = thrower.spec.bpmn_name or thrower.spec.bpmn_id
    zh = f"错误“{code}”应被某个边界事件捕获,但“{shown}”抛出后无处捕获;请画一个错误边界事件,或排除错误后重试。"
    en = (
        f"Expected something to catch the error “{code}” of “{shown}”, but nothing does, "
        "so draw an error boundary event or remove the cause and retry."
    )
    return ModelError(Text(zh, en), thrower.spec.bpmn_id)

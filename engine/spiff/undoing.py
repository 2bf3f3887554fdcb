"""Cancels a whole case by undoing what it has completed, newest first; the root of the case is who undoes."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.errors import Conflict, Text
from engine.spiff.compensation import LOG, PLACE, TODO, go_on, log_of, read
from engine.spiff.specs.call_activity import CallActivity

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.container import Container, RunningScope
    from engine.spiff.tokens import Token


def undoable(case: Case) -> int:
    """Return how many completed activities would be undone, with those of sub-processes that still run."""
    scopes: list[Container] = [case, *_unfinished(case)]
    found, todo = 0, [log_of(scope) for scope in scopes]
    while todo:
        for entry in read(todo.pop()):
            found += not entry.inner
            todo.append(entry.inner)
    return found


def is_being_undone(case: Case) -> bool:
    """Return whether the case was cancelled and still undoes what it has completed."""
    return TODO in case.root.internal_data


def cancel_undoing(case: Case) -> None:
    """End every token and begin to undo what was completed; the case ends with the last of it, at once if there is none.

    What a called process completed is its own: BPMN 2.0, 10.7. Raises Conflict while something is undone already.
    """
    if any(TODO in token.internal_data for token in case.index.values()):
        raise Conflict(
            Text(
                "案件正在撤销已办的步骤,请等它完成。",
                "Expected nothing to be undone yet, but it is under way; wait until it has finished.",
            )
        )
    for scope in _unfinished(case):
        _hand_up(scope)
    case.wipe()
    log = case.root.internal_data.pop(LOG, [])
    case.root.internal_data.update({TODO: log, PLACE: case.root.key})
    go_on(case.root)


def _unfinished(case: Case) -> list[RunningScope]:
    """Return the running sub-processes of the case, inner ones first, but not what is called or handles an event."""
    found = sorted(case.subprocesses.values(), key=lambda scope: scope.root.key, reverse=True)
    return [scope for scope in found if _belongs(case, scope)]


def _belongs(case: Case, scope: Container) -> bool:
    while scope is not case:
        owner = cast("Token", scope.owner)
        if isinstance(owner.spec, CallActivity) or owner.spec.is_event_sub_process:
            return False
        scope = owner.container
    return True


def _hand_up(scope: RunningScope) -> None:
    """Let the scope around remember what an unfinished sub-process has completed; it is not undone as a whole."""
    log = scope.root.internal_data.pop(LOG, [])
    if not log:
        return
    owner = cast("Token", scope.owner)
    around = owner.container.root.internal_data.setdefault(LOG, [])
    around.append([owner.spec.name, owner.key, owner.item(), log, False])
    scope.case.scopes.keep(owner.key)

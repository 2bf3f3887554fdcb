"""Compensation: what a scope has completed, newest last, and how a throwing event undoes it, newest first.

The log stands with the scope's root. The variables of a completed activity stay where they are until it is undone or
its scope is gone. BPMN 2.0, 10.7 and 13.5.5.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from SpiffWorkflow.util.task import TaskState

from engine.spiff.limits import UNDOABLE, too_much_to_undo

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.container import Container, RunningScope
    from engine.spiff.specs.sub_process import SubProcess
    from engine.spiff.tokens import Token

LOG, TODO, PLACE, BOSS, UNDONE, REOPENED = "log", "todo", "at", "undoes", "undone", "reopened"


class Completed(NamedTuple):
    """A completed activity: its node, its token's key, its iteration, and what its own scope had completed.

    ``whole`` is False for a sub-process that was cancelled half-way: only what is inside is undone.
    """

    node: str
    key: int
    item: str | None
    inner: list[Any]
    whole: bool = True

    def scopes(self) -> Iterator[int]:
        """Return the keys under which its variables and those of everything inside are kept."""
        todo = [self]
        while todo:
            entry = todo.pop()
            yield entry.key
            todo.extend(read(entry.inner))


def read(log: Iterable[Iterable[Any]]) -> list[Completed]:
    """Return the entries of a stored log."""
    return [Completed(*entry) for entry in log]


def log_of(container: Container) -> list[list[Any]]:
    """Return what a scope has completed that can be undone."""
    return cast("list[list[Any]]", container.root.internal_data.get(LOG, []))


def remember(token: Token, inner: list[list[Any]]) -> None:
    """Note a completed activity in its scope's log, and keep its variables; raises ModelError when the log is full."""
    container = token.container
    log = container.root.internal_data.setdefault(LOG, [])
    if len(log) >= UNDOABLE:
        raise too_much_to_undo(token.spec.bpmn_id)
    log.append([token.spec.name, token.key, token.item(), inner])
    container.case.scopes.keep(token.key)


def forget(case: Case, log: Iterable[Iterable[Any]]) -> None:
    """Drop a log with the variables that were kept for it."""
    for entry in read(log):
        for key in entry.scopes():
            case.scopes.release(key)


def concerned(container: Container) -> Container:
    """Return the scope that a throwing event undoes: the one around it where it stands in an event sub-process."""
    while container.owner is not None and container.owner.spec.is_event_sub_process:
        container = container.owner.container
    return container


def begin(boss: Token, container: Container, activity: str | None) -> bool:
    """Let ``boss`` undo what the scope has completed (of one activity only); returns False if there is nothing."""
    nodes, log = container.definition.nodes, log_of(container)
    chosen = [entry for entry in log if activity in (None, nodes[entry[0]].bpmn_id)]
    if not chosen:
        return False
    container.root.internal_data[LOG] = [entry for entry in log if entry not in chosen]
    boss.internal_data.update({TODO: chosen, PLACE: container.root.key})
    boss._set_state(TaskState.STARTED)
    go_on(boss)
    return True


def go_on(boss: Token) -> None:
    """Undo the next activity, or let the boss go on when nothing is left."""
    todo = boss.internal_data[TODO]
    if not todo:
        _finish(boss)
        return
    entry = Completed(*todo.pop())
    container = boss.container.case.index[boss.internal_data[PLACE]].container
    handler = container.definition.nodes[entry.node].compensation if entry.whole else None
    if handler is None:
        _reopen(boss, container, entry)
    else:
        _hand_over(boss, container, handler, entry)


def handler_done(token: Token) -> None:
    """Go on after an activity that undid something."""
    boss = token.container.case.index.get(token.internal_data[BOSS])
    if boss is not None:
        go_on(boss)


def abandon(boss: Token) -> None:
    """Stop undoing, because who began it was cancelled."""
    case = boss.container.case
    forget(case, boss.internal_data[TODO])
    for token in [one for one in case.index.values() if one.internal_data.get(BOSS) == boss.key]:
        token.cancel()


def _hand_over(boss: Token, container: Container, handler: str, entry: Completed) -> None:
    token = container.hang(handler, container.root, _facts(boss, entry))
    container.case.scopes.hand_over(entry.key, token.key)
    token.spec._update(token)


def _facts(boss: Token, entry: Completed) -> dict[str, Any]:
    return {BOSS: boss.key} if entry.item is None else {BOSS: boss.key, "item": entry.item}


def _reopen(boss: Token, container: Container, entry: Completed) -> None:
    """Open a completed sub-process again, only to undo what it did: by its own handler if it has one."""
    token = container.hang(entry.node, container.root, {**_facts(boss, entry), REOPENED: True})
    case = container.case
    case.journal.entered(token)
    case.scopes.hand_over(entry.key, token.key)
    token._set_state(TaskState.STARTED)
    scope = case.create_subprocess(token, cast("SubProcess", token.spec).spec)
    undoing = scope.definition.undoing if entry.whole else None
    token.internal_data.update({TODO: [] if undoing else entry.inner, PLACE: scope.root.key})
    if undoing is None:
        go_on(token)
    else:
        scope.root.internal_data[LOG] = entry.inner
        scope.put(undoing, facts={BOSS: token.key})


def _finish(boss: Token) -> None:
    if REOPENED in boss.internal_data:
        _close_again(boss)
        return
    del boss.internal_data[TODO], boss.internal_data[PLACE]
    if boss.owner is None:
        # The root: the case was cancelled, and ends now.
        boss.container.finish()
        return
    boss.internal_data[UNDONE] = True
    boss._ready()


def _close_again(token: Token) -> None:
    case = token.container.case
    scope = cast("RunningScope", case.inner(token))
    scope.completed = True
    case.forget(scope)
    token._set_state(TaskState.COMPLETED)
    token.drop("completed")
    handler_done(token)

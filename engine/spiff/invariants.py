"""What must hold for every case at rest; scanned after tests and by audits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.spiff.compensation import LOG, TODO, read
from engine.spiff.container import Container
from engine.spiff.scopes import CASE
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.tokens import APART

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.run import Run
    from engine.spiff.tokens import Token


def check_invariants(run: Run) -> tuple[str, ...]:
    """Return a sentence for each invariant the case breaks; empty when it is sound.

    Iterations kept apart are looked at as far as they were read: gather them first.
    """
    case = run.case
    return (*_index(case), *_tokens(case), *_scopes(case), *_iterations(case), *_progress(run))


def _containers(case: Case) -> tuple[Container, ...]:
    return (case, *case.subprocesses.values())


def _index(case: Case) -> Iterator[str]:
    found = {key for container in _containers(case) for key in container.tokens}
    if found != set(case.index):
        yield f"the index and the scopes differ by {sorted(found ^ set(case.index))}"
    for owner, scope in case.subprocesses.items():
        if owner not in case.index or scope.owner is not case.index[owner]:
            yield f"the scope of token {owner} has no live owner"


def _tokens(case: Case) -> Iterator[str]:
    for container in _containers(case):
        for token in container.tokens.values():
            if token is not container.root:
                yield from _token(token)


def _token(token: Token) -> Iterator[str]:
    if token.owner is None or token.owner.owned.get(token.key) is not token:
        yield f"token {token.key} hangs on nobody"
    if token.finished:
        yield f"token {token.key} is finished but still there"
    if token.state == TaskState.READY and not token.spec.manual:
        yield f"token {token.key} could run but does not"
    if token.data:
        yield f"token {token.key} carries data"


def _scopes(case: Case) -> Iterator[str]:
    stray = set(case.scopes.names) - {CASE} - set(case.index) - case.scopes.kept
    logged = {key for token in case.index.values() for key in _undoable(token)}
    if not case.scopes.kept <= logged:
        yield f"the variables of {sorted(case.scopes.kept - logged)} are kept for nothing"
    if stray:
        yield f"the variables of {sorted(stray)} belong to no token"


def _undoable(token: Token) -> Iterator[int]:
    for name in (LOG, TODO):
        for entry in read(token.internal_data.get(name, ())):
            yield from entry.scopes()


def _iterations(case: Case) -> Iterator[str]:
    for token in case.index.values():
        if isinstance(token.spec, MultiInstance):
            apart = token.key in case.iterations.bodies
            if apart != (APART in token.internal_data):
                yield f"the iterations of token {token.key} are {'' if apart else 'not '}kept apart"
            yield from _kept_whole(token, apart)
            counted = token.internal_data["next"] - token.internal_data["done"]
            live = sum(child.spec.multi is not None for child in token.owned.values())
            if counted != live:
                yield f"token {token.key} counts {counted} live iterations but has {live}"
        if token.part and (token.part not in case.index or case.index[token.part].part != token.part):
            yield f"token {token.key} belongs to iteration {token.part}, which is none"


def _kept_whole(body: Token, apart: bool) -> Iterator[str]:
    strays = [child.key for child in body.owned.values() if child.spec.multi and (child.part == child.key) != apart]
    if strays:
        yield f"iterations {strays} of token {body.key} are kept in the wrong place"


def _progress(run: Run) -> Iterator[str]:
    live = [token for token in run.case.index.values() if token.owner is not None]
    if run.ended and live:
        yield f"the case has ended but tokens {sorted(token.key for token in live)} are left"
    if not run.ended and not any(not token.listening for token in live):
        yield "the case has not ended but no token is left"

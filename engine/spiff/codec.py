"""The stored state of a case: plain tuples of tokens and names, without variables and without definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from SpiffWorkflow.util.task import TaskState

from engine.spiff import compensation
from engine.spiff.case import Case
from engine.spiff.packing import (
    Inner,
    Names,
    Row,
    own_tokens,
    pack_names,
    pack_scopes,
    pack_tokens,
    unpack_names,
    unpack_scopes,
    unpack_tokens,
    unreadable,
)

if TYPE_CHECKING:
    from engine.spiff.environment import ExecutionEnvironment, StoredIterations, Variables
    from engine.spiff.program import Program
    from engine.spiff.tokens import Token

FORMAT = 2
READABLE = (1, 2)
OUTSIDE = 0


class State(msgspec.Struct, array_like=True, frozen=True):
    """Format, process, last token key, whether it ended, tokens of the case, running scopes, names by scope.

    Scopes with the same names, such as iterations, share one entry of ``name_sets``. Iterations kept apart are not in
    it since format 2.
    """

    format: int
    process: str
    last_key: int
    completed: bool
    tokens: list[Row]
    inner: list[Inner]
    names: list[Names]
    name_sets: list[tuple[str, ...]]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(State)


def save(case: Case) -> bytes:
    """Return the state of a case at rest; raises RuntimeError while something is still to run."""
    if case.pending is not None or any(_is_ready(case, token) for token in case.queue):
        raise RuntimeError("the case is not at rest: advance it first")
    inner = pack_scopes(scope for scope in case.subprocesses.values() if scope.root.part == OUTSIDE)
    names, name_sets = pack_names(case, [scope for scope in case.scopes.names if _is_outside(case, scope)])
    state = State(
        FORMAT,
        case.definition.key,
        case.last_key,
        case.completed,
        pack_tokens(own_tokens(case)),
        inner,
        names,
        name_sets,
    )
    return _ENCODER.encode(state)


def load(
    blob: bytes,
    program: Program,
    environment: ExecutionEnvironment,
    variables: Variables,
    iterations: StoredIterations,
) -> Case:
    """Return the case as it was saved; raises ModelError when the state does not belong to this program."""
    try:
        state = _DECODER.decode(blob)
        if state.format not in READABLE:
            raise unreadable()
        case = Case(program.definitions, state.process, environment, variables, iterations)
        unpack_tokens(case, state.tokens, OUTSIDE)
        unpack_scopes(case, state.inner, OUTSIDE)
        unpack_names(case, state.names, state.name_sets)
        _keep(case)
    except (msgspec.MsgspecError, LookupError) as error:
        raise unreadable() from error
    case.last_key, case.completed = state.last_key, state.completed
    return case


def _is_ready(case: Case, token: Token) -> bool:
    return token.state == TaskState.READY and case.index.get(token.key) is token


def _is_outside(case: Case, scope: int) -> bool:
    # What is kept for compensation belongs to no live token, and never to an iteration.
    return scope not in case.index or case.index[scope].part == OUTSIDE


def _keep(case: Case) -> None:
    """Find again the variables that are kept for compensation: those of every log, and of what is being undone."""
    for token in case.index.values():
        for name in (compensation.LOG, compensation.TODO):
            for entry in compensation.read(token.internal_data.get(name, ())):
                case.scopes.kept.update(key for key in entry.scopes() if key in case.scopes.names)

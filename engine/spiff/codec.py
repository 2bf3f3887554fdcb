"""The stored state of a case: plain tuples of tokens and names, without variables and without definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError, Text
from engine.spiff import compensation
from engine.spiff.case import Case
from engine.spiff.container import Container, RunningScope
from engine.spiff.definition import ROOT
from engine.spiff.tokens import Token

if TYPE_CHECKING:
    from engine.spiff.environment import ExecutionEnvironment, Variables
    from engine.spiff.program import Program

FORMAT = 1

Row = tuple[int, int, int, str, dict[str, Any] | None]
Inner = tuple[int, str, list[Row]]
Names = tuple[int, int, list[str] | None]


class State(msgspec.Struct, array_like=True, frozen=True):
    """Format, process, last token key, whether it ended, tokens of the case, running scopes, names by scope.

    Scopes with the same names, such as iterations, share one entry of ``name_sets``.
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
    scopes: list[RunningScope] = list(case.subprocesses.values())
    inner = [(scope.parent_task_id, scope.definition.key, _rows(scope)) for scope in scopes]
    names, name_sets = _names(case)
    state = State(FORMAT, case.definition.key, case.last_key, case.completed, _rows(case), inner, names, name_sets)
    return _ENCODER.encode(state)


def load(blob: bytes, program: Program, environment: ExecutionEnvironment, variables: Variables) -> Case:
    """Return the case as it was saved; raises ModelError when the state does not belong to this program."""
    try:
        state = _DECODER.decode(blob)
        if state.format != FORMAT:
            raise _unreadable()
        return _restored(state, program, environment, variables)
    except (msgspec.MsgspecError, LookupError) as error:
        raise _unreadable() from error


def _is_ready(case: Case, token: Token) -> bool:
    return token.state == TaskState.READY and case.index.get(token.key) is token


def _rows(container: Container) -> list[Row]:
    return [
        (
            token.key,
            token.owner.key if token.owner is not None else 0,
            token._state,
            token.spec.name,
            token.internal_data or None,
        )
        for token in container.tokens.values()
    ]


def _names(case: Case) -> tuple[list[Names], list[tuple[str, ...]]]:
    copied = case.scopes.copied
    places: dict[tuple[str, ...], int] = {}
    names = [
        (scope, places.setdefault(tuple(own), len(places)), list(copied[scope]) if scope in copied else None)
        for scope, own in case.scopes.names.items()
    ]
    return names, list(places)


def _restored(state: State, program: Program, environment: ExecutionEnvironment, variables: Variables) -> Case:
    case = Case(program.definitions, state.process, environment, variables)
    _put_back(case, state.tokens)
    for owner, key, rows in state.inner:
        scope = RunningScope(case, program.definitions[key], case.index[owner])
        case.subprocesses[owner] = scope
        _put_back(scope, rows)
    for number, place, copied in state.names:
        case.scopes.names[number] = dict.fromkeys(state.name_sets[place])
        if copied is not None:
            case.scopes.copied[number] = dict.fromkeys(copied)
    _keep(case)
    case.last_key, case.completed = state.last_key, state.completed
    return case


def _keep(case: Case) -> None:
    """Find again the variables that are kept for compensation: those of every log, and of what is being undone."""
    for token in case.index.values():
        for name in (compensation.LOG, compensation.TODO):
            for entry in compensation.read(token.internal_data.get(name, ())):
                case.scopes.kept.update(key for key in entry.scopes() if key in case.scopes.names)


def _put_back(container: Container, rows: list[Row]) -> None:
    for key, owner, state, name, facts in rows:
        if name == ROOT:
            container.begin(key)
            container.root.internal_data = facts or {}
            continue
        token = Token(container, container.definition.nodes[name], container.tokens[owner], state, key)
        token.internal_data = facts or {}
        if state == TaskState.WAITING and token.spec.joins:
            container.park(token)
        elif state == TaskState.WAITING and token.spec.trigger and token.spec.trigger.kind == "conditional":
            container.case.conditional[key] = token


def _unreadable() -> ModelError:
    zh = "案件状态应与其流程版本一致,但无法读取;请联系管理员核对版本或从备份恢复。"
    en = "Expected a state of this process version, but it cannot be read, so check the version or restore a backup."
    return ModelError(Text(zh, en))

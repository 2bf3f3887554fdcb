"""Live tokens, running scopes and names of variables as plain tuples, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import ModelError, Text
from engine.spiff.container import Container, RunningScope
from engine.spiff.definition import ROOT
from engine.spiff.scopes import is_page
from engine.spiff.tokens import APART, Token

if TYPE_CHECKING:
    from engine.spiff.case import Case

Row = tuple[int, int, int, str, dict[str, Any] | None]
Inner = tuple[int, str, list[Row]]
Names = tuple[int, int, list[str] | None]


def pack_tokens(tokens: Iterable[Token]) -> list[Row]:
    """Return each token as key, owner (0 for none), state, name of its spec, and facts."""
    return [
        (
            token.key,
            token.owner.key if token.owner is not None else 0,
            token._state,
            token.spec.name,
            token.internal_data or None,
        )
        for token in tokens
    ]


def pack_scopes(scopes: Iterable[RunningScope]) -> list[Inner]:
    """Return each running scope as its owner's key, the key of its definition, and its tokens.

    Iterations kept apart stand in the scope of their body, but belong to it no more than to the state.
    """
    return [(scope.parent_task_id, scope.definition.key, pack_tokens(own_tokens(scope))) for scope in scopes]


def own_tokens(container: Container) -> list[Token]:
    """Return the tokens of a scope without the iterations that are kept apart."""
    part = container.root.part
    return [token for token in container.tokens.values() if token.part == part]


def pack_names(case: Case, scopes: Iterable[int]) -> tuple[list[Names], list[tuple[str, ...]]]:
    """Return the names of the variables of scopes; scopes with the same names share one entry of the second list."""
    names, copied = case.scopes.names, case.scopes.copied
    places: dict[tuple[str, ...], int] = {}
    packed = [
        (
            scope,
            places.setdefault(tuple(name for name in names[scope] if not is_page(name)), len(places)),
            list(copied[scope]) if scope in copied else None,
        )
        for scope in scopes
    ]
    return packed, list(places)


def unpack_tokens(container: Container, rows: Iterable[Row], part: int) -> None:
    """Put tokens back into their scope; raises LookupError when the definition does not have them."""
    for key, owner, state, name, facts in rows:
        if name == ROOT:
            container.begin(key)
            container.root.internal_data = facts or {}
            continue
        token = Token(container, container.definition.nodes[name], container.tokens[owner], state, key)
        token.internal_data = facts or {}
        token.part = part
        if state == TaskState.WAITING and token.spec.joins:
            container.park(token)
        elif state == TaskState.WAITING and token.spec.trigger and token.spec.trigger.kind == "conditional":
            container.case.conditional[key] = token
        elif APART in token.internal_data:
            container.case.iterations.restored(token)


def unpack_scopes(case: Case, inner: Iterable[Inner], part: int) -> None:
    """Put running scopes back under their owners."""
    for owner, key, rows in inner:
        scope = RunningScope(case, case.definitions[key], case.index[owner])
        case.subprocesses[owner] = scope
        unpack_tokens(scope, rows, part)


def unpack_names(case: Case, names: Iterable[Names], name_sets: Sequence[tuple[str, ...]]) -> None:
    """Tell the scopes which variables they have."""
    for scope, place, copied in names:
        case.scopes.names[scope] = dict.fromkeys(name_sets[place])
        if copied is not None:
            case.scopes.copied[scope] = dict.fromkeys(copied)


def unreadable() -> ModelError:
    """Return the fault of a state that does not belong to its program."""
    zh = "案件状态应与其流程版本一致,但无法读取;请联系管理员核对版本或从备份恢复。"
    en = "Expected a state of this process version, but it cannot be read, so check the version or restore a backup."
    return ModelError(Text(zh, en))

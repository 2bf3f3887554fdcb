"""Moves tokens of a case by hand: some end, others start elsewhere, as if they had just arrived there."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from SpiffWorkflow.util.task import TaskState

from engine.errors import Conflict, Text
from engine.model import Modification, MovableToken, PossibleStart, TokenStart
from engine.spiff import compensation
from engine.spiff.examining import starving
from engine.spiff.specs.ad_hoc import ChooseActivity
from engine.spiff.specs.gateways import EventBasedGateway
from engine.spiff.specs.sub_process import SubProcess
from engine.spiff.undoing import is_being_undone

if TYPE_CHECKING:
    from engine.spiff.case import Case
    from engine.spiff.container import Container, RunningScope
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.specs.node import Node
    from engine.spiff.tokens import Token

Hungry = set[tuple[int, str]]


def movable(case: Case) -> list[MovableToken]:
    """Return the tokens that may be ended by hand, oldest first: whole activities, not what listens or repeats inside."""
    found = [token for container in _scopes(case) for token in container.root.owned.values() if _may_end(token)]
    return [
        MovableToken(
            token.key, token.spec.process, token.spec.bpmn_id, token.spec.bpmn_name, token.spec.kind, _number(token)
        )
        for token in sorted(found, key=lambda token: token.key)
    ]


def possible_starts(case: Case) -> list[PossibleStart]:
    """Return the elements at which a token may be started, in the order they are drawn; several scopes one by one."""
    found: list[PossibleStart] = []
    for definition in case.definitions.values():
        live = _running(case, definition)
        if not live and not _can_open(case, definition):
            continue
        several = live if len(live) > 1 else [None]
        for node in definition.nodes.values():
            if _why_not_startable(node, definition) is None:
                found += [_possible(node, container) for container in several]
    return found


def modify(case: Case, plan: Modification) -> None:
    """Set variables, end tokens, start others. ``case`` has all its iterations in memory; advance it next.

    Raises Conflict for a case that has ended, a token that is gone or cannot be ended alone, an element at which
    nothing can be started, a parallel join that would wait for ever, an iteration or a case that would be left empty.
    """
    if case.completed:
        raise _refusal("案件已经办结,不能修改。", "Expected an open case, but it has ended.")
    if is_being_undone(case):
        raise _refusal("案件正在撤销,不能修改。", "Expected a case that goes on, but it is cancelled and being undone.")
    before = _hungry(case)
    ends = [_to_end(case, key) for key in plan.ends]
    case.scopes.assign(case.root, plan.variables)
    for token in ends:
        # Who was chosen together with the activity around it is gone already.
        if case.index.get(token.key) is token:
            token.cancel()
    for start in plan.starts:
        _start(case, start)
    _drop_empty_scopes(case)
    if not case.is_busy():
        raise _refusal("修改后案件中什么也没有剩下;请至少选择一个开始的步骤,或者撤销案件。",
                       "Expected something to go on, but nothing would be left; start an element or cancel the case.")  # fmt: skip
    _check_joins(case, before)


def _scopes(case: Case) -> tuple[Container, ...]:
    return (case, *case.subprocesses.values())


def _running(case: Case, definition: ScopeSpec) -> list[Container]:
    return [container for container in _scopes(case) if container.definition is definition]


def _may_end(token: Token) -> bool:
    return not token.listening and not token.finished and compensation.BOSS not in token.internal_data


def _to_end(case: Case, key: int) -> Token:
    token = case.index.get(key)
    if token is None or token.owner is None:
        raise _refusal("所选的步骤已办结或取消;请刷新后重新选择。",
                       "Expected a token that is there, but it has gone on or was cancelled; look at the case again.")  # fmt: skip
    if isinstance(token.owner.spec, EventBasedGateway):
        token = token.owner
    if token.is_nested or not _may_end(token):
        shown = _shown(token.spec)
        raise _refusal(f"「{shown}」不能单独结束;请选择它所属的整个步骤。",
                       f"Expected a whole activity, but “{shown}” cannot be ended alone; choose what it is part of.")  # fmt: skip
    return token


def _start(case: Case, start: TokenStart) -> None:
    definition = next(
        (one for one in case.definitions.values() if one.process == start.process and start.element in one.nodes), None
    )
    if definition is None:
        raise _refusal(f"流程图中没有「{start.element}」这个步骤;请重新选择。",
                       f"Expected an element of the diagram, but “{start.element}” is none; choose another one.")  # fmt: skip
    reason = _why_not_startable(definition.nodes[start.element], definition)
    if reason is not None:
        raise Conflict(reason)
    _place(case, definition, start.within).put(start.element)


def _place(case: Case, definition: ScopeSpec, within: int | None = None) -> Container:
    """Return the running scope for a new token, begun anew where none runs."""
    live = _running(case, definition)
    if within is not None:
        live = [container for container in live if container.owner is not None and container.owner.key == within]
    if len(live) == 1:
        return live[0]
    if live or within is not None:
        raise _refusal("该步骤所在的子流程同时有多个在进行,或已经结束;请选定其中一个。",
                       "Expected one running sub-process, but there are several or none of this key; choose one.")  # fmt: skip
    owner = _owner(case, definition)
    if owner is None:
        raise _refusal("该步骤所在的子流程没有在进行,也不能单独开始;请选择整个子流程。",
                       "Expected a sub-process that runs or can be begun for this element alone; start it as a whole.")  # fmt: skip
    around, node = owner
    return _open(_place(case, around), node)


def _can_open(case: Case, definition: ScopeSpec) -> bool:
    at: ScopeSpec | None = definition
    while at is not None:
        owner = _owner(case, at)
        if owner is None:
            return False
        live = _running(case, owner[0])
        if live:
            return len(live) == 1
        at = owner[0]
    return False


def _owner(case: Case, definition: ScopeSpec) -> tuple[ScopeSpec, SubProcess] | None:
    """Return the one activity whose scope this is, with its own scope; None where that cannot be begun for one token."""
    found = [
        (one, node)
        for one in case.definitions.values()
        for node in one.nodes.values()
        if isinstance(node, SubProcess) and node.spec == definition.key
    ]
    if len(found) != 1 or found[0][1].multi is not None:
        return None
    return found[0] if _why_not_startable(found[0][1], found[0][0]) is None else None


def _open(container: Container, node: SubProcess) -> RunningScope:
    """Return the begun scope of a sub-process with what listens in it, and no token yet."""
    token = container.hang(node.name, container.root)
    node.enter(token)
    for name in node.boundary:
        container.put(name, token)
    token._set_state(TaskState.STARTED)
    scope = container.case.create_subprocess(token, node.spec)
    node.open(token, scope)
    for name in scope.definition.listeners:
        scope.put(name)
    return scope


def _why_not_startable(node: Node, definition: ScopeSpec) -> Text | None:
    shown = _shown(node)
    if node.multi is not None or isinstance(node, ChooseActivity) or node.listens or node.is_event_sub_process:
        return Text(
            f"「{shown}」不能直接开始;请选择普通步骤。",
            f"Expected an activity, gateway or event of the flow, but “{shown}” is begun by something else; choose one.",
        )
    if node.kind == "startEvent" and node.trigger is not None:
        return Text(
            f"「{shown}」由外部触发,不能直接开始;请选择它后面的步骤。",
            f"Expected an element that can be started, but “{shown}” is triggered; choose the one behind it.",
        )
    if node.joins and len(node.incoming) > 1:
        return Text(
            f"汇合「{shown}」要等各分支到齐,不能直接开始;请选择它前面的各分支或它后面的步骤。",
            f"Expected an element that can be started, but “{shown}” joins branches; choose those before or what follows.",
        )
    undoing = any(one.compensation == node.name for one in definition.nodes.values()) or definition.undoing == node.name
    if undoing or (definition.begun and node.name not in definition.begun):
        return Text(
            f"「{shown}」只能由流程自己开始;请选择普通步骤。",
            f"Expected an element of the flow, but “{shown}” is begun by the process alone; choose another one.",
        )
    return None


def _drop_empty_scopes(case: Case) -> None:
    """End the activities whose scope has nothing left to do, inner ones first."""
    while (empty := next((scope for scope in case.subprocesses.values() if not scope.is_busy()), None)) is not None:
        owner = cast("Token", empty.owner)
        if owner.is_nested:
            shown = _shown(owner.spec)
            raise _refusal(f"修改后「{shown}」的一项会什么也没有剩下;请在其中选择一个开始的步骤,或结束整个步骤。",
                           f"Expected each item of “{shown}” to go on, but one would be left empty; start something in it.")  # fmt: skip
        owner.cancel()


def _hungry(case: Case) -> Hungry:
    return {(container.root.key, name) for container in _scopes(case) for name in starving(container)}


def _check_joins(case: Case, before: Hungry) -> None:
    for key, name in sorted(_hungry(case) - before):
        node = case.index[key].container.definition.nodes[name]
        shown = _shown(node)
        raise _refusal(f"修改后汇合「{shown}」会一直等待不会到来的分支;请让它的每个分支都有步骤在进行,或都没有。",
                       f"Expected all branches of the join “{shown}” or none, but it would wait for one that cannot come; "
                       "start or end the others too.")  # fmt: skip


def _possible(node: Node, container: Container | None) -> PossibleStart:
    owner = container.owner if container is not None else None
    return PossibleStart(
        node.process, node.bpmn_id, node.bpmn_name, node.kind,
        owner.key if owner is not None else None, _number(owner) if owner is not None else None,
    )  # fmt: skip


def _number(token: Token) -> int | None:
    """Return which iteration it is inside, from 1, the innermost one; its label may tell of a person."""
    at: Token | None = token
    while at is not None:
        while at is not None and at.owner is not None:
            if "i" in at.internal_data:
                return int(at.internal_data["i"]) + 1
            at = at.owner
        at = at.container.owner if at is not None else None
    return None


def _shown(node: Node) -> str:
    return node.bpmn_name or node.bpmn_id


def _refusal(zh: str, en: str) -> Conflict:
    return Conflict(Text(zh, en))

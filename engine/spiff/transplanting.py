"""Moves a running case to another version of its process: the same tokens, on the other version's elements."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.spiff import compensation
from engine.spiff.case import Case
from engine.spiff.container import Container, RunningScope
from engine.spiff.specs.boundary import EventSubProcessStart
from engine.spiff.specs.gateways import EventBasedGateway, Joining
from engine.spiff.tokens import Token

if TYPE_CHECKING:
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.element_map import ElementMap
    from engine.spiff.environment import ExecutionEnvironment, StoredIterations, Variables
    from engine.spiff.specs.node import Node


def transplant(
    old: Case,
    elements: ElementMap,
    environment: ExecutionEnvironment,
    variables: Variables,
    iterations: StoredIterations,
) -> Case:
    """Return the case on the other version, with what newly listens there armed; advance it next.

    ``old`` has all its iterations in memory and no obstacle. Keys of tokens, their timers, variables and places in
    multi-instance stay. What listened on an element that is gone, or for something else now, is dropped.
    """
    case = Case(elements.target.definitions, old.definition.key, environment, variables, iterations)
    case.last_key = old.last_key
    case.scopes.adopt(old.scopes)
    case.iterations.adopt(old.iterations)
    for container in (old, *old.subprocesses.values()):
        _move_scope(container, case, elements)
    for container in (case, *case.subprocesses.values()):
        _arm_new(container, old, elements)
    _join_again(case)
    return case


def _move_scope(container: Container, case: Case, elements: ElementMap) -> None:
    target: Container = case
    if container.owner is not None:
        definition = _definition(container, elements)
        owner = case.index[container.owner.key]
        target = case.subprocesses[owner.key] = RunningScope(case, definition, owner)
    for token in container.tokens.values():
        if token is container.root:
            target.begin(token.key)
            target.root.internal_data = _log_moved(container, elements)
        elif token.owner is not None and token.owner.key in target.tokens:
            _move_token(token, target, elements)


def _definition(container: Container, elements: ElementMap) -> ScopeSpec:
    definition = elements.scope(container.definition.key)
    if definition is None:
        raise LookupError(f"{container.definition.key} has no counterpart")
    return definition


def _move_token(token: Token, target: Container, elements: ElementMap) -> None:
    node = elements.node(token.spec, target.definition)
    owner = target.tokens[token.owner.key if token.owner is not None else target.root.key]
    if node is None or not _fits(token, node, owner):
        return
    moved = Token(target, node, owner, token._state, token.key)
    moved.part = token.part
    moved.internal_data = _facts(token, node, owner, elements)
    if moved.waiting and node.trigger is not None and node.trigger.kind == "conditional":
        target.case.conditional[moved.key] = moved
    if moved.waiting and node.joins:
        target.park(moved)


def _fits(token: Token, node: Node, owner: Token) -> bool:
    """Return whether a listener still listens to the same, at the same activity; other tokens always fit."""
    if token.listening:
        kinds = [one.trigger.kind if one.trigger is not None else None for one in (token.spec, node)]
        attached = isinstance(node, EventSubProcessStart) or node.name in owner.spec.boundary
        return type(node) is type(token.spec) and kinds[0] == kinds[1] and attached
    if isinstance(owner.spec, EventBasedGateway):
        return any(branch.target == node.name for branch in owner.spec.flows)
    return True


def _facts(token: Token, node: Node, owner: Token, elements: ElementMap) -> dict[str, Any]:
    facts = dict(token.internal_data)
    if "via" in facts:
        facts["via"] = elements.flow_of(token, node, owner.container.definition)
    if "from" in facts:
        facts["from"] = next(branch.flow for branch in owner.spec.flows if branch.target == node.name)
    return facts


def _log_moved(container: Container, elements: ElementMap) -> dict[str, Any]:
    facts = dict(container.root.internal_data)
    if compensation.LOG in facts:
        facts[compensation.LOG] = _entries_moved(facts[compensation.LOG], container.definition, elements)
    return facts


def _entries_moved(log: Iterable[Iterable[Any]], definition: ScopeSpec, elements: ElementMap) -> list[list[Any]]:
    moved: list[list[Any]] = []
    for entry in compensation.read(log):
        inside = elements.source.definitions.get(getattr(definition.nodes[entry.node], "spec", ""))
        inner = _entries_moved(entry.inner, inside, elements) if inside is not None else []
        moved.append([elements.name(definition.process, entry.node), entry.key, entry.item, inner])
    return moved


def _arm_new(container: Container, old: Case, elements: ElementMap) -> None:
    """Let what the other version has drawn newly begin to listen, as if it had been there on entering."""
    before = old.index[container.root.key].container.definition
    if not _is_interrupted(container):
        _listen(container.root, old, before.listeners, container.definition.listeners, elements)
    for token in list(container.tokens.values()):
        if token is container.root or token.listening or token.key not in old.index:
            continue
        _listen(token, old, old.index[token.key].spec.boundary, token.spec.boundary, elements)
        if isinstance(token.spec, EventBasedGateway):
            _await_new(token)


def _listen(owner: Token, old: Case, had: tuple[str, ...], has: tuple[str, ...], elements: ElementMap) -> None:
    """Arm the listeners that are new, or that listen for something else than the one that stood there."""
    former, process = old.index[owner.key], owner.container.definition.process
    known = {elements.name(process, name) for name in had}
    stood = {elements.name(process, child.spec.name) for child in former.owned.values() if child.listening}
    present = {child.spec.name for child in owner.owned.values()}
    for name in has:
        if name not in present and (name not in known or name in stood):
            owner.container.put(name, owner)


def _await_new(gate: Token) -> None:
    awaited = {child.spec.name for child in gate.owned.values()}
    for branch in gate.spec.flows:
        if branch.target not in awaited:
            gate.container.put(branch.target, gate, facts={"from": branch.flow})


def _is_interrupted(container: Container) -> bool:
    """Return whether an interrupting event sub-process is what runs in the scope."""
    nodes = [container.definition.nodes[name] for name in container.definition.listeners]
    handlers = {node.handler for node in nodes if isinstance(node, EventSubProcessStart) and node.interrupting}
    return any(token.spec.name in handlers for token in container.root.owned.values())


def _join_again(case: Case) -> None:
    """Let the tokens at joins arrive anew: the other version may need fewer of them."""
    for container in (case, *case.subprocesses.values()):
        for token in [token for tokens in container.parked.values() for token in tokens.values()]:
            spec = token.spec
            if token.waiting and isinstance(spec, Joining) and spec.arrive(token):
                container.parked[spec.name].pop(token.key)
                token._ready()

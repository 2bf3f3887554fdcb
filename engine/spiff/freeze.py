"""Freezes definitions, and tells by a hash that they stayed as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.spiff.definition import RootSpec, ScopeSpec
from engine.spiff.expressions import Expression
from engine.spiff.specs.node import Node

_LISTS = ("pre_assign", "post_assign", "data_input_associations", "data_output_associations", "_inputs", "_outputs")
_TABLES = ("data", "defines")


def freeze(definition: ScopeSpec) -> None:
    """Make a scope's specs read-only, after working out from where inclusive joins can be reached."""
    for join in definition.inclusive_joins:
        join.reach = MappingProxyType(reach_of(join, definition))
    for spec in definition.task_specs.values():
        _freeze_spec(spec)
    definition.nodes = MappingProxyType(dict(definition.nodes))
    vars(definition)["task_specs"] = MappingProxyType(dict(definition.task_specs))
    definition.data_objects = MappingProxyType({})
    definition.frozen = True


def _freeze_spec(spec: Any) -> None:
    for name in _LISTS:
        setattr(spec, name, tuple(getattr(spec, name)))
    for name in _TABLES:
        setattr(spec, name, MappingProxyType(dict(getattr(spec, name))))
    if isinstance(spec, Node):
        spec.frozen = True


def reach_of(join: Node, definition: ScopeSpec) -> dict[str, frozenset[str]]:
    """Return for each incoming flow the nodes from which a token could come in by it without passing the join."""
    sources = _sources(definition)
    by_flow = {flow: source for flow, source in sources[join.name] if flow is not None}
    return {flow: frozenset(_upstream(by_flow[flow], join.name, sources)) for flow in join.incoming}


def upstream_of_flow(definition: ScopeSpec, join: Node, flow: str) -> frozenset[str]:
    """Return the nodes from which a token could come to a join by this flow without passing the join before."""
    sources = _sources(definition)
    by_flow = {one: source for one, source in sources[join.name] if one is not None}
    return frozenset(_upstream(by_flow[flow], join.name, sources))


def _sources(definition: ScopeSpec) -> dict[str, list[tuple[str | None, str]]]:
    """Return for each node the flows into it and where they come from; a boundary event comes from its activity."""
    sources: dict[str, list[tuple[str | None, str]]] = {}
    for node in definition.nodes.values():
        for branch in node.flows:
            sources.setdefault(branch.target, []).append((branch.flow, node.name))
        for name in node.boundary:
            sources.setdefault(name, []).append((None, node.name))
    return sources


def _upstream(start: str, join: str, sources: Mapping[str, list[tuple[str | None, str]]]) -> set[str]:
    seen = {start} - {join}
    todo = list(seen)
    while todo:
        for _, source in sources.get(todo.pop(), ()):
            if source not in seen and source != join:
                seen.add(source)
                todo.append(source)
    return seen


def fingerprint(definitions: Mapping[str, ScopeSpec]) -> str:
    """Return a hash over everything the definitions hold, also the subscribers of their events."""
    text = "\n".join(line for _, scope in sorted(definitions.items()) for line in _lines(scope))
    return hashlib.sha256(text.encode()).hexdigest()


def _lines(scope: ScopeSpec) -> list[str]:
    own = {name: value for name, value in vars(scope).items() if name not in ("task_specs", "nodes", "start")}
    lines = [scope.key + _digest(own)]
    for name, spec in sorted(scope.task_specs.items()):
        facts = {key: value for key, value in vars(spec).items() if key != "_wf_spec"}
        lines.append(f"{name} {type(spec).__name__} {_digest(facts)}")
    return lines


def _digest(value: Any) -> str:
    if isinstance(value, str | int | float | bool | None):
        return repr(value)
    if isinstance(value, Node | RootSpec):
        return f"<{value.name}>"
    if isinstance(value, Expression):
        return f"<={value.text}>"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_digest(key)}:{_digest(one)}" for key, one in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ",".join(sorted(map(_digest, value))) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_digest, value)) + "]"
    slots = {name: getattr(value, name) for name in getattr(value, "__slots__", ())}
    return f"{type(value).__name__}:" + _digest({**slots, **getattr(value, "__dict__", {})})

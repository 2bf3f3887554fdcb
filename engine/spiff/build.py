"""Builds frozen specs from canonical trees; iterative, so that no diagram is too long or too deep."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from engine.diagram.tree import Diagram, Process, Scope
from engine.diagram.tree import Node as DrawnNode
from engine.errors import ModelError, Text
from engine.spiff.definition import ScopeSpec
from engine.spiff.expressions import formula
from engine.spiff.freeze import freeze
from engine.spiff.program import Program
from engine.spiff.specs.boundary import BoundaryEvent, EventSubProcessStart
from engine.spiff.specs.factory import inner_key, make_specs, trigger_of
from engine.spiff.specs.gateways import InclusiveGateway
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.node import Branch, Node


def build(entry: Diagram, called: Mapping[str, Diagram], names: Iterable[str] = ()) -> Program:
    """Return the program of a process with all it calls; raises ModelError for what cannot be run.

    ``names`` are variables that forms and services write: FEEL knows a name with spaces, or one that hides a built-in,
    only if told.
    """
    processes = _needed(entry, called)
    known = _names(processes) | frozenset(names)
    definitions: dict[str, ScopeSpec] = {}
    for process in processes:
        for key, scope, closed in _scopes(process):
            definitions[key] = _build_scope(key, process.id, scope, closed, known)
    for definition in definitions.values():
        freeze(definition)
    return Program(processes[0].id, tuple(process.id for process in processes), MappingProxyType(definitions))


def _needed(entry: Diagram, called: Mapping[str, Diagram]) -> list[Process]:
    """Return the entry process and every process it calls, directly or not."""
    found = {entry.executable.id: entry.executable}
    todo = [entry.executable]
    while todo:
        for node in todo.pop().nodes():
            name = node.called_process
            if node.kind != "callActivity" or name in found:
                continue
            if name is None or name not in called:
                raise _not_found(node)
            found[name] = _process(called[name], name)
            todo.append(found[name])
    return list(found.values())


def _process(diagram: Diagram, name: str) -> Process:
    return next((process for process in diagram.processes if process.id == name), diagram.executable)


def _not_found(node: DrawnNode) -> ModelError:
    shown, missing = node.name or node.id, node.called_process or ""
    zh = f"“{shown}”应调用一个已有的流程,但没有找到“{missing}”;请改正流程编号。"
    en = f"Expected a process to call in {shown}, but “{missing}” is not known, so correct its id."
    return ModelError(Text(zh, en), node.id)


def _names(processes: list[Process]) -> frozenset[str]:
    """Return the variable names that diagrams write themselves: names with spaces are only recognised if known."""
    names = {"case", "policy", "loopCounter"}
    for process in processes:
        for node in process.nodes():
            names.update(mapping.target.split(".")[0] for mapping in (*node.inputs, *node.outputs))
            written = (node.result, node.loop and node.loop.element, node.loop and node.loop.output_collection)
            names.update(name for name in written if name)
    return frozenset(names)


def _scopes(process: Process) -> Iterator[tuple[str, Scope, bool]]:
    """Return each scope of a process with its key, and whether its variables are closed to the outside."""
    for owner, scope in process.scopes():
        yield (process.id if owner is None else inner_key(process.id, owner.id)), scope, owner is None


def _build_scope(key: str, process: str, scope: Scope, closed: bool, names: frozenset[str]) -> ScopeSpec:
    spec = ScopeSpec(key, process, closed)
    nodes: dict[str, Node] = {}
    for drawn in scope.nodes.values():
        for node in make_specs(spec, drawn, names):
            nodes[node.name] = node
    for drawn in scope.nodes.values():
        _attach(nodes, drawn)
    spec.listeners = tuple(_listeners(spec, scope, nodes, names))
    spec.nodes = nodes
    _connect(scope, nodes, names)
    spec.entries = _entries(scope)
    spec.inclusive_joins = tuple(
        node for node in nodes.values() if isinstance(node, InclusiveGateway) and len(node.incoming) > 1
    )
    return spec


def _attach(nodes: Mapping[str, Node], drawn: DrawnNode) -> None:
    node = nodes[drawn.id]
    if not isinstance(node, BoundaryEvent):
        return
    activity = nodes.get(drawn.attached_to or "")
    if activity is None:
        zh = f"边界事件“{drawn.name or drawn.id}”应附着在一个活动上,但没有;请把它画在活动边框上。"
        en = f"Expected {drawn.name or drawn.id} on the border of an activity, but it is not, so draw it there."
        raise ModelError(Text(zh, en), drawn.id)
    activity.boundary = (*activity.boundary, node.name)


def _listeners(spec: ScopeSpec, scope: Scope, nodes: dict[str, Node], names: frozenset[str]) -> Iterator[str]:
    for drawn in scope.nodes.values():
        if not drawn.triggered_by_event or drawn.scope is None:
            continue
        for start in drawn.scope.nodes.values():
            if start.kind != "startEvent":
                continue
            listener = EventSubProcessStart(spec, start, drawn.id)
            listener.trigger = trigger_of(start, names)
            nodes[listener.name] = listener
            yield listener.name


def _connect(scope: Scope, nodes: Mapping[str, Node], names: frozenset[str]) -> None:
    for flow in scope.flows:
        source, target = nodes[flow.source], nodes[flow.target]
        condition = formula(flow.condition, names, flow.id) if flow.condition and not flow.default else None
        source.flows = (*source.flows, Branch(flow.id, target.name, condition, flow.default))
        target.incoming = (*target.incoming, flow.id)
        source.connect(target)
    for node in nodes.values():
        if isinstance(node, MultiInstance):
            node.connect(nodes[node.item_node])


def _entries(scope: Scope) -> tuple[str, ...]:
    """Return where a token starts: at the none start events; without any start event, at what nothing leads to."""
    starts = [node for node in scope.nodes.values() if node.kind == "startEvent"]
    if starts:
        plain = [node.id for node in starts if node.event is None or node.event.kind == "none"]
        return tuple(plain or [starts[0].id])
    return tuple(
        node.id
        for node in scope.nodes.values()
        if not node.incoming
        and node.kind != "boundaryEvent"
        and not node.triggered_by_event
        and not node.for_compensation
    )

"""Builds frozen specs from canonical trees; iterative, so that no diagram is too long or too deep."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from engine.diagram.tree import Diagram, Process, Scope
from engine.diagram.tree import Node as DrawnNode
from engine.errors import ModelError, Text
from engine.spiff.apart import keep_iterations_apart
from engine.spiff.definition import ScopeSpec
from engine.spiff.expressions import formula
from engine.spiff.freeze import freeze
from engine.spiff.program import Program
from engine.spiff.specs.boundary import BoundaryEvent, EventSubProcessStart
from engine.spiff.specs.factory import choice_spec, inner_key, make_specs, trigger_of
from engine.spiff.specs.gateways import InclusiveGateway
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.node import Branch, Node
from engine.spiff.specs.standard_loop import StandardLoop


def build(entry: Diagram, called: Mapping[str, Diagram], names: Iterable[str] = ()) -> Program:
    """Return the program of a process with all it calls; raises ModelError for what cannot be run.

    ``names`` are variables that forms and services write: FEEL knows a name with spaces, or one that hides a built-in,
    only if told.
    """
    processes = _needed(entry, called)
    known = _names(processes) | frozenset(names)
    definitions: dict[str, ScopeSpec] = {}
    for process in processes:
        for key, scope, owner in _scopes(process):
            definitions[key] = _build_scope(key, process.id, scope, owner, known)
    keep_iterations_apart(definitions)
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


def _scopes(process: Process) -> Iterator[tuple[str, Scope, DrawnNode | None]]:
    """Return each scope of a process with its key and the sub-process that owns it."""
    for owner, scope in process.scopes():
        yield (process.id if owner is None else inner_key(process.id, owner.id)), scope, owner


def _build_scope(key: str, process: str, scope: Scope, owner: DrawnNode | None, names: frozenset[str]) -> ScopeSpec:
    """The variables of a process are closed to the outside, those of a sub-process are not."""
    spec = ScopeSpec(key, process, closed=owner is None)
    nodes: dict[str, Node] = {}
    for drawn in scope.nodes.values():
        for node in make_specs(spec, drawn, names):
            nodes[node.name] = node
    for drawn in scope.nodes.values():
        _attach(nodes, drawn)
    spec.listeners = tuple(_listeners(spec, scope, nodes, names))
    spec.undoing = next((node.id for node in scope.nodes.values() if _undoes(node)), None)
    is_ad_hoc = owner is not None and owner.ad_hoc is not None
    if owner is not None and is_ad_hoc:
        choice = choice_spec(spec, owner)
        nodes[choice.name] = choice
        spec.begun = startable(scope)
    spec.nodes = nodes
    _connect(scope, nodes, names)
    spec.entries = () if is_ad_hoc else _entries(scope)
    spec.inclusive_joins = tuple(
        node for node in nodes.values() if isinstance(node, InclusiveGateway) and len(node.incoming) > 1
    )
    return spec


def _attach(nodes: Mapping[str, Node], drawn: DrawnNode) -> None:
    if drawn.compensated_by is not None and drawn.kind != "boundaryEvent":
        nodes.get(f"{drawn.id}[item]", nodes[drawn.id]).compensation = drawn.compensated_by
    node = nodes.get(drawn.id)
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
            if start.kind != "startEvent" or _undoes(drawn):
                continue
            listener = EventSubProcessStart(spec, start, drawn.id)
            listener.wait_for(trigger_of(start, names))
            nodes[listener.name] = listener
            yield listener.name


def _connect(scope: Scope, nodes: Mapping[str, Node], names: frozenset[str]) -> None:
    for flow in scope.flows:
        source, target = nodes[flow.source], nodes[flow.target]
        condition = formula(flow.condition, names, flow.id) if flow.condition and not flow.default else None
        source.flows = (*source.flows, Branch(flow.id, target.name, condition, flow.default))
        target.incoming = (*target.incoming, flow.id)
        source.connect(target)
    for source, target in _links(scope, nodes):
        source.flows = (*source.flows, Branch("", target.name, None, False))
        source.connect(target)
    for node in nodes.values():
        if isinstance(node, MultiInstance | StandardLoop):
            node.connect(nodes[node.item_node])


def _links(scope: Scope, nodes: Mapping[str, Node]) -> Iterator[tuple[Node, Node]]:
    """Return each link throw event with the catch event of the same name: a sequence flow that is not drawn."""
    drawn = [node for node in scope.nodes.values() if node.event is not None and node.event.kind == "link"]
    catching = {node.event.name: node.id for node in drawn if node.event and node.kind == "intermediateCatchEvent"}
    for node in drawn:
        if node.event is None or node.kind == "intermediateCatchEvent":
            continue
        if node.event.name not in catching:
            raise _no_link(node)
        yield nodes[node.id], nodes[catching[node.event.name]]


def _no_link(node: DrawnNode) -> ModelError:
    shown = node.name or node.id
    zh = f"链接事件“{shown}”应有同名的链接捕获事件,但没有;请画上,或直接画顺序流。"
    en = f"Expected a link catch event of the same name for {shown}, but there is none, so draw it or a sequence flow."
    return ModelError(Text(zh, en), node.id)


def _undoes(node: DrawnNode) -> bool:
    """Return whether a node is an event sub-process that starts by compensation."""
    if not node.triggered_by_event or node.scope is None:
        return False
    starts = [inner.event for inner in node.scope.nodes.values() if inner.kind == "startEvent"]
    return any(event is not None and event.kind == "compensation" for event in starts)


def _entries(scope: Scope) -> tuple[str, ...]:
    """Return where a token starts: at the none start events; without any start event, at what nothing leads to."""
    starts = [node for node in scope.nodes.values() if node.kind == "startEvent"]
    if starts:
        plain = [node.id for node in starts if node.event is None or node.event.kind == "none"]
        return tuple(plain or [starts[0].id])
    return startable(scope)


def startable(scope: Scope) -> tuple[str, ...]:
    """Return what nothing leads to and no event or compensation begins."""
    return tuple(node.id for node in scope.nodes.values() if not node.incoming and not _is_begun_by_event(node))


def _is_begun_by_event(node: DrawnNode) -> bool:
    links = node.event is not None and node.event.kind == "link" and node.kind == "intermediateCatchEvent"
    return links or node.kind == "boundaryEvent" or node.triggered_by_event or node.for_compensation

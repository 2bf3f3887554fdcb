"""Why a running case cannot be moved to another version of its process: one obstacle a token."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model import Obstacle, ObstacleReason
from engine.spiff import compensation
from engine.spiff.case import Case
from engine.spiff.container import Container
from engine.spiff.definition import ScopeSpec
from engine.spiff.element_map import ElementMap
from engine.spiff.freeze import upstream_of_flow
from engine.spiff.specs.call_activity import CallActivity
from engine.spiff.specs.gateways import EventBasedGateway, ParallelGateway
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.node import Node
from engine.spiff.specs.sub_process import SubProcess
from engine.spiff.tokens import APART, Token

Places = dict[str, set[str | None]]


def obstacles(case: Case, elements: ElementMap) -> tuple[Obstacle, ...]:
    """Return why the case, with all its iterations in memory, cannot be moved; empty when it can."""
    found: dict[Obstacle, None] = {}
    for container in (case, *case.subprocesses.values()):
        scope = elements.scope(container.definition.key)
        # A scope without counterpart is told of once, at the token that owns it.
        if scope is not None:
            found.update(dict.fromkeys(_of_scope(container, scope, elements)))
    return tuple(found)


def _of_scope(container: Container, scope: ScopeSpec, elements: ElementMap) -> Iterator[Obstacle]:
    for token in container.tokens.values():
        if token is not container.root and not token.listening:
            yield from _of_token(token, scope, elements)
    yield from _of_log(container, scope, elements)
    yield from _starving(container, scope, elements)


def _of_token(token: Token, scope: ScopeSpec, elements: ElementMap) -> Iterator[Obstacle]:
    if token.owner is not None and isinstance(token.owner.spec, EventBasedGateway):
        return
    node = elements.node(token.spec, scope)
    reason = _no_counterpart(token.spec, scope, elements) if node is None else _unlike(token, node)
    if reason is None and node is not None and token.spec.joins and _has_no_flow(token, node, scope, elements):
        reason = "join_changed"
    if reason is None and token.internal_data.keys() & {compensation.TODO, compensation.BOSS}:
        reason = "undoing_changed"
    if reason is not None:
        yield _at(token.spec, reason)


def _at(spec: Node, reason: ObstacleReason) -> Obstacle:
    return Obstacle(reason, spec.process, spec.bpmn_id)


def _no_counterpart(spec: Node, scope: ScopeSpec, elements: ElementMap) -> ObstacleReason:
    name = elements.elements.get((spec.process, spec.bpmn_id))
    if name is None:
        drawn = any(spec.bpmn_id in one.nodes for one in elements.target.definitions.values())
        return "kind_changed" if drawn else "element_gone"
    if name in scope.nodes or f"{name}[item]" in scope.nodes:
        return "multi_instance_changed"
    drawn = any(name in one.nodes or f"{name}[item]" in one.nodes for one in elements.target.definitions.values())
    return "scope_changed" if drawn else "element_gone"


def _unlike(token: Token, node: Node) -> ObstacleReason | None:
    """Return why a token cannot stand on a node, None where it can."""
    spec = token.spec
    if type(spec) is not type(node):
        loops = isinstance(spec, MultiInstance) or isinstance(node, MultiInstance)
        return "multi_instance_changed" if loops else "kind_changed"
    if (spec.multi is None) != (node.multi is None):
        return "multi_instance_changed"
    if isinstance(spec, MultiInstance) and isinstance(node, MultiInstance):
        kept_apart = APART in token.internal_data
        return "multi_instance_changed" if spec.sequential != node.sequential or kept_apart > node.apart else None
    if isinstance(spec, CallActivity) and isinstance(node, CallActivity) and spec.spec != node.spec:
        return "called_process_changed"
    if "fired" not in token.internal_data and _kind(spec) != _kind(node):
        return "kind_changed"
    return None


def _kind(spec: Node) -> str | None:
    return spec.trigger.kind if spec.trigger is not None else None


def _has_no_flow(token: Token, join: Node, scope: ScopeSpec, elements: ElementMap) -> bool:
    waits = "via" in token.internal_data and len(join.incoming) > 1
    return waits and elements.flow_of(token, join, scope) is None


def _of_log(container: Container, scope: ScopeSpec, elements: ElementMap) -> Iterator[Obstacle]:
    """What was completed and may be undone has to be there to be undone."""
    todo = [(compensation.log_of(container), container.definition, scope)]
    while todo:
        log, old, new = todo.pop()
        for entry in compensation.read(log):
            spec = old.nodes[entry.node]
            node = elements.node(spec, new)
            if (
                node is None
                or type(node) is not type(spec)
                or (spec.compensation is None) != (node.compensation is None)
            ):
                yield _at(spec, "undoing_changed")
            elif isinstance(spec, SubProcess) and isinstance(node, SubProcess):
                definitions = elements.source.definitions, elements.target.definitions
                todo.append((entry.inner, definitions[0][spec.spec], definitions[1][node.spec]))


def _starving(container: Container, scope: ScopeSpec, elements: ElementMap) -> Iterator[Obstacle]:
    """A parallel join of the new version must not wait for a branch that was never begun."""
    there = _places_after(container, scope, elements)
    hungry = {elements.name(container.definition.process, name) for name in starving(container)}
    for name, node in scope.nodes.items():
        if name not in hungry and _starves(name, scope, there):
            yield _at(node, "join_starves")


def starving(container: Container) -> frozenset[str]:
    """Return the parallel joins of the scope at which tokens wait, or will, for branches that nothing comes along."""
    scope, places = container.definition, _places(container)
    return frozenset(name for name in scope.nodes if _starves(name, scope, places))


def _standing(container: Container) -> Iterator[Token]:
    return (token for token in container.root.owned.values() if not token.listening)


def _places(container: Container) -> Places:
    """Return where tokens stand in the scope's own net, with the flows by which those at joins came."""
    places: Places = {}
    for token in _standing(container):
        places.setdefault(token.spec.name, set()).add(token.internal_data.get("via"))
    return places


def _places_after(container: Container, scope: ScopeSpec, elements: ElementMap) -> Places:
    places: Places = {}
    for token in _standing(container):
        node = elements.node(token.spec, scope)
        if node is not None:
            places.setdefault(node.name, set()).add(elements.flow_of(token, node, scope) if node.joins else None)
    return places


def _starves(name: str, scope: ScopeSpec, places: Places) -> bool:
    join = scope.nodes[name]
    if not isinstance(join, ParallelGateway) or len(join.incoming) < 2:
        return False
    parked, standing = places.get(name, set()), places.keys() - {name}
    fed = [flow in parked or not standing.isdisjoint(upstream_of_flow(scope, join, flow)) for flow in join.incoming]
    return any(fed) and not all(fed)

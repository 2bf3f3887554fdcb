"""Which parallel multi-instance activities keep their iterations apart from the state of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.spiff.definition import ScopeSpec
from engine.spiff.specs.multi_instance import MultiInstance
from engine.spiff.specs.node import Node
from engine.spiff.specs.sub_process import SubProcess

# A token that waits for one of these is addressed by its key, or hears only what happens inside its own iteration.
FOUND_BY_KEY = frozenset({"timer", "message", "error", "escalation", "terminate", "link", "none"})


def keep_iterations_apart(definitions: Mapping[str, ScopeSpec]) -> None:
    """Mark the bodies inside whose iterations nothing has to hear of what happens elsewhere in the case.

    A signal or a condition may concern every iteration at once, and compensation those that are over: such iterations
    stay in the state.
    """
    for definition in definitions.values():
        for body in definition.nodes.values():
            if isinstance(body, MultiInstance) and not body.sequential:
                item = definition.nodes[body.item_node]
                inside = list(_scopes(item, definitions))
                nodes = [item, *(node for scope in inside for node in scope.nodes.values())]
                body.apart = all(map(_is_found_by_key, nodes)) and not any(scope.undoing for scope in inside)


def _scopes(item: Node, definitions: Mapping[str, ScopeSpec]) -> Iterator[ScopeSpec]:
    """Yield every scope that the activity of an iteration runs, directly or not."""
    seen: set[str] = set()
    todo = [item.spec] if isinstance(item, SubProcess) else []
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            yield definitions[key]
            todo += [node.spec for node in definitions[key].nodes.values() if isinstance(node, SubProcess)]


def _is_found_by_key(node: Node) -> bool:
    return node.compensation is None and (node.trigger is None or node.trigger.kind in FOUND_BY_KEY)

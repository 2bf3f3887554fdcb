"""Input and output mappings: what an activity is given, and where its results go."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from engine.spiff.scopes import merged
from engine.spiff.specs.node import Node

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token


class Mapped(NamedTuple):
    """One mapping: the expression and the variable, or path in a variable, it is written to."""

    source: Expression
    target: str


class Activity(Node):
    """A node with mappings; ``loop_names`` are local to each iteration of its multi-instance."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name)
        self.input_mappings: tuple[Mapped, ...] = ()
        self.output_mappings: tuple[Mapped, ...] = ()
        self.loop_names: frozenset[str] = frozenset()

    def enter(self, token: Token) -> None:
        """Note the token and open a scope with the input mappings."""
        super().enter(token)
        if self.input_mappings:
            token.container.case.scopes.open(token.key, self.inputs_of(token))

    def inputs_of(self, token: Token) -> dict[str, Any]:
        """Return the values of the input mappings; a later one sees the earlier ones."""
        return evaluate_mappings(token, self.input_mappings, {})

    def visible_to_worker(self, token: Token) -> Mapping[str, Any]:
        """Return what a service may see: the input mappings where drawn, else the variables in sight, read lazily."""
        scopes = token.container.case.scopes
        if not self.input_mappings:
            return scopes.view(token)
        names = {mapped.target.split(".")[0] for mapped in self.input_mappings}
        return {name: scopes.read(token.key, name) for name in scopes.names[token.key] if name in names}

    def deliver(self, token: Token, values: Mapping[str, Any]) -> None:
        """Write a result: where the output mappings say, else to the innermost scope that has each name."""
        scopes = token.container.case.scopes
        if not self.output_mappings:
            scopes.assign(token, values)
            return
        results = evaluate_mappings(token, self.output_mappings, values)
        inside = {name: value for name, value in results.items() if name in self.loop_names}
        outside = {name: value for name, value in results.items() if name not in self.loop_names}
        scopes.assign(token, inside)
        scopes.assign(token, outside, skip=token.key)


def evaluate_mappings(token: Token, mappings: tuple[Mapped, ...], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that mappings write; each expression sees ``extra`` and the mappings before it."""
    case = token.container.case
    results: dict[str, Any] = {}
    for mapped in mappings:
        value = case.feel.evaluate(token, mapped.source, ChainMap(results, cast("dict[str, Any]", extra)))
        root = mapped.target.split(".")[0]
        present = results.get(root)
        if root not in results and root != mapped.target:
            present = case.scopes.view(token).get(root)
        name, whole = merged(mapped.target, value, present)
        results[name] = whole
    return results

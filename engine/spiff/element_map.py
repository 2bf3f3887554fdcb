"""From the names of one version's specs to those of another: elements, sub-processes, sequence flows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.spiff.definition import ScopeSpec
from engine.spiff.freeze import upstream_of_flow
from engine.spiff.program import Program
from engine.spiff.specs.node import Node

if TYPE_CHECKING:
    from engine.spiff.tokens import Token

# A node may stand beside the one that is drawn: an iteration, the start of an event sub-process, a choice.
_SUFFIX = re.compile(r"(\[item\]|@|\?)?$")


@dataclass(frozen=True)
class ElementMap:
    """``elements`` maps (process, element) to the element in the other version; what is not in it has none there."""

    source: Program
    target: Program
    elements: Mapping[tuple[str, str], str]

    def scope(self, key: str) -> ScopeSpec | None:
        """Return the other version's definition of a scope, None where there is none."""
        process, _, element = key.partition("/")
        if not element:
            return self.target.definitions.get(process)
        return self.target.definitions.get(f"{process}/{self.elements.get((process, element))}")

    def name(self, process: str, name: str) -> str | None:
        """Return the name of a spec in the other version."""
        found = _SUFFIX.search(name)
        suffix = found.group() if found else ""
        element = self.elements.get((process, name.removesuffix(suffix)))
        return None if element is None else element + suffix

    def node(self, spec: Node, scope: ScopeSpec) -> Node | None:
        """Return the counterpart of a spec in a scope of the other version."""
        name = self.name(spec.process, spec.name)
        return scope.nodes.get(name) if name is not None else None

    def added(self, names: tuple[str, ...], process: str, others: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the other version's names that are no counterpart of one of these."""
        known = {self.name(process, name) for name in names}
        return tuple(name for name in others if name not in known)

    def flow_of(self, token: Token, join: Node, scope: ScopeSpec) -> str | None:
        """Return the flow by which a token that waits at a join would have come there in the other version.

        That is the flow of the same id, else the only free one that leads there from where the flow of the same id
        goes now, or from where the token came.
        """
        via: str | None = token.internal_data.get("via")
        if via is None or via in join.incoming:
            return via
        start = self._behind(via, token.container.definition, scope)
        if start is None:
            return None
        taken = {other.internal_data.get("via") for other in token.container.parked.get(token.spec.name, {}).values()}
        free = [flow for flow in join.incoming if flow not in taken]
        leading = [flow for flow in free if start in upstream_of_flow(scope, join, flow)]
        return leading[0] if len(leading) == 1 else None

    def _behind(self, via: str, old: ScopeSpec, scope: ScopeSpec) -> str | None:
        """Return the node at which a token would be in the other version after it went by a flow."""
        ends = {branch.flow: branch.target for node in scope.nodes.values() for branch in node.flows}
        if via in ends:
            return ends[via]
        source = next((node for node in old.nodes.values() if any(branch.flow == via for branch in node.flows)), None)
        start = self.node(source, scope) if source is not None else None
        return start.name if start is not None else None

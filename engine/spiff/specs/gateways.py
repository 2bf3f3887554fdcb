"""Exclusive, parallel, inclusive and event-based gateways."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.spiff.specs.node import Branch, Node

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.container import Container
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.tokens import Token


class ExclusiveGateway(Node):
    """Takes the first flow that holds, else the default."""

    recorded = False

    def choose(self, token: Token) -> list[Branch]:
        """Return one flow; raises ModelError when none holds and there is no default."""
        for branch in self.flows:
            if not branch.default and (branch.condition is None or self.is_open(token, branch)):
                return [branch]
        default = [branch for branch in self.flows if branch.default]
        if self.flows and not default:
            raise self.no_way_out()
        return default


class Joining(Node):
    """A gateway at which tokens wait for each other, counted per incoming flow."""

    recorded = False
    joins = True

    def arrive(self, token: Token) -> bool:
        """Wait, unless there is nothing to wait for."""
        if len(self.incoming) < 2:
            return True
        token._set_state(TaskState.WAITING)
        token.container.park(token)
        self.parked(token.container)
        return False

    def parked(self, container: Container) -> None:
        """Join at once if that can be told by the arrival."""

    def firsts(self, container: Container) -> dict[str, Token]:
        """Return for each incoming flow with waiting tokens the one that waits longest."""
        first: dict[str, Token] = {}
        for token in container.parked.get(self.name, {}).values():
            first.setdefault(token.internal_data["via"], token)
        return first

    def merge(self, first: Mapping[str, Token]) -> None:
        """Let one token go on for one token of each flow; what is in excess keeps waiting."""
        keep, *rest = sorted(first.values(), key=lambda token: token.key)
        for token in rest:
            token._set_state(TaskState.COMPLETED)
            token.drop("completed")
        keep.container.parked[self.name].pop(keep.key)
        keep.internal_data.pop("via", None)
        keep._ready()


class ParallelGateway(Joining):
    """Joins when every incoming flow has brought a token, and takes every outgoing flow."""

    def parked(self, container: Container) -> None:
        """Join when no flow is missing."""
        first = self.firsts(container)
        if len(first) == len(self.incoming):
            self.merge(first)

    def choose(self, token: Token) -> list[Branch]:  # noqa: ARG002 (for overriding)
        """Return every flow; conditions mean nothing here."""
        return list(self.flows)


class InclusiveGateway(Joining):
    """Joins when no token can still come; takes every flow that holds, else the default.

    ``reach`` maps each incoming flow to the nodes from which a token could still arrive through it.
    """

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name)
        self.reach: Mapping[str, frozenset[str]] = MappingProxyType({})

    def try_join(self, container: Container) -> bool:
        """Join if some token waits and none on its way could fill an empty flow; asked when all else is at rest."""
        first = self.firsts(container)
        if not first:
            return False
        filled = frozenset(chain.from_iterable(self.reach[flow] for flow in first))
        missing = frozenset(chain.from_iterable(self.reach[flow] for flow in self.incoming if flow not in first))
        if any(node in missing and node not in filled for node in self._elsewhere(container)):
            return False
        self.merge(first)
        return True

    def _elsewhere(self, container: Container) -> set[str]:
        """Return the nodes where other tokens of the scope stand."""
        root = container.root
        on_their_way = (token for token in root.owned.values() if token.spec is not self and not token.listening)
        return {token.spec.name for token in on_their_way}


class EventBasedGateway(Node):
    """Waits for the first of several events; they are tokens of its own until one happens."""

    recorded = False

    def arrive(self, token: Token) -> bool:
        """Let a token wait at each event."""
        token._set_state(TaskState.STARTED)
        for branch in self.flows:
            token.container.put(branch.target, token, facts={"from": branch.flow})
        return False

    def chosen(self, gate: Token, event: Token) -> None:
        """Drop the events that did not happen, and the gateway's own token."""
        event.container.case.journal.took(self.process, event.internal_data.pop("from"))
        for child in list(gate.owned.values()):
            if child is not event:
                child.cancel()
        gate._set_state(TaskState.COMPLETED)
        gate.drop("completed", spare=event)

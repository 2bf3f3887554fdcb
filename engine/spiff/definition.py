"""One scope of a diagram as SpiffWorkflow sees it: a process, or a sub-process inside it."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

if TYPE_CHECKING:
    from engine.spiff.specs.gateways import InclusiveGateway
    from engine.spiff.specs.node import Node

ROOT = "#root"


class RootSpec(BpmnTaskSpec):
    """The spec of the finished token that every live token of a scope hangs on."""

    listens = False
    joins = False
    is_event_sub_process = False
    trigger = None

    def serialize(self, serializer: Any, **kwargs: Any) -> NoReturn:
        """Refuse: definitions are built from diagrams."""
        raise NotImplementedError("definitions are built from diagrams")


class ScopeSpec(WorkflowSpec):
    """The specs of one scope; frozen once built, so that running cases can never change a definition.

    ``entries`` are the nodes a token starts at, ``listeners`` the starts of event sub-processes, ``undoing`` is the
    event sub-process that undoes the scope as a whole. In an ad-hoc scope ``begun`` are the activities that may be begun.
    """

    frozen = False

    def __init__(self, key: str, process: str, closed: bool) -> None:
        super().__init__(key)
        self.key = key
        self.process = process
        self.closed = closed
        self.nodes: Mapping[str, Node] = {}
        self.entries: tuple[str, ...] = ()
        self.listeners: tuple[str, ...] = ()
        self.undoing: str | None = None
        self.begun: tuple[str, ...] = ()
        self.inclusive_joins: tuple[InclusiveGateway, ...] = ()
        self.data_objects: Mapping[str, Any] = {}
        self.start: Any = RootSpec(self, ROOT)

    def __setattr__(self, name: str, value: Any) -> None:
        if self.frozen:
            raise AttributeError(f"{self.key} is frozen")
        super().__setattr__(name, value)

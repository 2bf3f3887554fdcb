"""Diagrams: safe reading, the canonical tree, what this version runs, and the rules a diagram must keep."""

from engine.diagram.errors import DiagramError
from engine.diagram.read import read
from engine.diagram.tree import Diagram, Event, Flow, Lane, Loop, Node, Process, Scope, VariableMapping

__all__ = [
    "Diagram",
    "DiagramError",
    "Event",
    "Flow",
    "Lane",
    "Loop",
    "Node",
    "Process",
    "Scope",
    "VariableMapping",
    "read",
]

"""Runs canonical diagrams on SpiffWorkflow: the only room that knows it."""

from engine.spiff.build import build
from engine.spiff.environment import ExecutionEnvironment, NoVariables, Variables
from engine.spiff.freeze import fingerprint
from engine.spiff.invariants import check_invariants
from engine.spiff.program import Program
from engine.spiff.run import NotWaiting, Run, Wait

__all__ = [
    "ExecutionEnvironment",
    "NoVariables",
    "NotWaiting",
    "Program",
    "Run",
    "Variables",
    "Wait",
    "build",
    "check_invariants",
    "fingerprint",
]

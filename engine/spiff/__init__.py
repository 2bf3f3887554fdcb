"""Runs canonical diagrams on SpiffWorkflow: the only room that knows it."""

from engine.spiff.build import build, startable
from engine.spiff.environment import ExecutionEnvironment, NoVariables, Variables
from engine.spiff.freeze import fingerprint
from engine.spiff.invariants import check_invariants
from engine.spiff.program import Program
from engine.spiff.run import NotWaiting, Run, Wait
from engine.spiff.specs.ad_hoc import ACTIVATE, FINISHED, choice_form

__all__ = [
    "ACTIVATE",
    "FINISHED",
    "ExecutionEnvironment",
    "NoVariables",
    "NotWaiting",
    "Program",
    "Run",
    "Variables",
    "Wait",
    "build",
    "check_invariants",
    "choice_form",
    "fingerprint",
    "startable",
]

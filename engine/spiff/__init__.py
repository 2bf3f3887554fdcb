"""Runs canonical diagrams on SpiffWorkflow: the only room that knows it."""

from engine.spiff.build import build, startable
from engine.spiff.element_map import ElementMap
from engine.spiff.environment import ExecutionEnvironment, NoVariables, Variables
from engine.spiff.freeze import fingerprint
from engine.spiff.invariants import check_invariants
from engine.spiff.program import Program
from engine.spiff.run import NotWaiting, Run, Standing, Wait
from engine.spiff.specs.ad_hoc import ACTIVATE, FINISHED, choice_form
from engine.spiff.starts import plan_start
from engine.spiff.timers import Armed

__all__ = [
    "ACTIVATE",
    "FINISHED",
    "Armed",
    "ElementMap",
    "ExecutionEnvironment",
    "NoVariables",
    "NotWaiting",
    "Program",
    "Run",
    "Standing",
    "Variables",
    "Wait",
    "build",
    "check_invariants",
    "choice_form",
    "fingerprint",
    "plan_start",
    "startable",
]

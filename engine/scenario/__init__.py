"""Scenarios: acceptance examples a jurist can read, as typed steps."""

from engine.scenario.reading import read_scenario, read_scenarios
from engine.scenario.schema import scenario_schema
from engine.scenario.steps import (
    AnswerJob,
    Complete,
    Expect,
    PublishMessage,
    Refuse,
    Scenario,
    SendMessage,
    SendSignal,
    Start,
    StartByEvent,
    Step,
    Wait,
    Who,
)

__all__ = [
    "AnswerJob",
    "Complete",
    "Expect",
    "PublishMessage",
    "Refuse",
    "Scenario",
    "SendMessage",
    "SendSignal",
    "Start",
    "StartByEvent",
    "Step",
    "Wait",
    "Who",
    "read_scenario",
    "read_scenarios",
    "scenario_schema",
]

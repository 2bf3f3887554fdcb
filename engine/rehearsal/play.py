"""Plays one scenario from its first line to its expectations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.clock import FixedClock
from engine.commands.renew_starts import arm_starts_of
from engine.errors import ModelError, Rejected
from engine.model import Step
from engine.rehearsal.coverage import Flow
from engine.rehearsal.expectations import unmet
from engine.rehearsal.player import Player, Unplayable
from engine.rehearsal.stage import Stage
from engine.runtime import Runtime
from engine.scenario import Scenario
from engine.store.cases import CaseRow

Check = Callable[[Runtime], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a scenario does not hold, with the line that failed."""

    file: str
    scenario: str
    line: int
    message: str


def play(stage: Stage, process: str, scenario: Scenario, taken: set[Flow], check: Check | None = None) -> list[Failure]:
    """Return why the scenario fails, nothing when it holds; the flows it took are added to ``taken``.

    ``check`` looks at the database after the last step (the invariant scan of the tests).
    """
    clock = FixedClock(scenario.on)
    with stage.city(clock) as runtime:
        runtime.observe = _collector(taken)
        with runtime.write() as transaction:
            arm_starts_of(runtime, transaction, process)
            stage.given(transaction, scenario.given)
            before = stage.ledger(transaction)
        player = Player(runtime, clock, scenario, process)
        player.engage()
        for step in (scenario.start, *scenario.steps):
            try:
                player.do(step)
            except (Rejected, ModelError, Unplayable) as error:
                return [Failure(scenario.file, scenario.name, step.line, _sentence(error))]
        with runtime.write() as transaction:
            sentences = list(unmet(player, stage, transaction, before))
        if check is not None:
            check(runtime)
    return [Failure(scenario.file, scenario.name, scenario.expect.line, sentence) for sentence in sentences]


def _sentence(error: Exception) -> str:
    if isinstance(error, Rejected):
        fields = getattr(error, "fields", {})
        return error.message.zh + "".join(f" [{name}: {text.zh}]" for name, text in fields.items())
    if isinstance(error, ModelError):
        return f"{error.message.zh}({error.element or '-'})"
    return str(error)


def _collector(taken: set[Flow]) -> Callable[[CaseRow, Step], None]:
    def collect(_case: CaseRow, step: Step) -> None:
        taken.update(Flow(process, flow) for process, flow in step.flows)

    return collect

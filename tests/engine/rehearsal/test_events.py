"""Scenarios may be started by events, send messages before anybody waits for them, and broadcast signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.bundle import read_library
from engine.clock import FixedClock
from engine.commands.deploy import deploy
from engine.commands.publish_contents import publish_contents
from engine.model import SYSTEM
from engine.rehearsal import Flow, play
from engine.runtime import Runtime
from engine.runtime.published import ROLES as ROLES_CONTENT
from engine.scenario import read_scenario
from engine.store.transaction import Database, Transaction
from engine.testing import NOW, Kit
from tests.engine.elements.conftest import ROLES
from tests.engine.spiff.drawing import (
    catch,
    diagram,
    end,
    exclusive,
    keyed_message,
    message,
    signal,
    start,
    timer,
    user,
)

DRAWN = diagram(
    "parcels", start("s"), start("told", message("m1")), start("heard", signal("sig2")),
    start("monthly", timer("timeCycle", "R/P1M")), exclusive("g"), user("look"), catch("storm", signal("sig1")),
    catch("answer", message("reply")), end("e"), "s>g", "told>g", "heard>g", "monthly>g", "g>look>storm>answer>e",
    declare=keyed_message("reply", '="7"'),
)  # fmt: skip
STEPS = """
steps:
  - {publish: reply, key: "7"}
  - {complete: look, by: clerk}
  - {signal: sig1}
expect: {end: e, visited: [look, storm, answer]}
"""
STARTS = {
    "by hand": ("{by: system, at: 410721101}", "s"),
    "by message": ("{message: m1, at: 410721101, data: {weight: 3}}", "told"),
    "by signal": ("{signal: sig2, at: 410721101}", "heard"),
}


class City:
    """A stage without a bureau: one process, one role."""

    def __init__(self, folder: Path) -> None:
        (folder / "parcels").mkdir()
        (folder / "parcels" / "parcels.bpmn").write_bytes(DRAWN.xml)
        self.kit = Kit("parcels", folder)
        self.moments: list[object] = []

    @contextmanager
    def city(self, clock: FixedClock) -> Iterator[Runtime]:
        # Deployed long before the scenario begins, as a prepared city is.
        database = Database("sqlite://", FixedClock(NOW.replace(year=2025)))
        database.migrate()
        runtime = self.kit.runtime(database)
        with runtime.write() as transaction:
            publish_contents(runtime, transaction, SYSTEM, contents={(ROLES_CONTENT, "roles"): ROLES.encode()})
            deploy(runtime, transaction, SYSTEM, bundle=read_library(self.kit.folder).bundle("parcels"))
        database.clock = clock
        runtime.clock = clock
        yield runtime
        self.moments.append(clock.now())
        database.dispose()

    def given(self, transaction: Transaction, facts: Mapping[str, Any]) -> None:
        assert not facts

    def ledger(self, transaction: Transaction) -> Mapping[str, Decimal]:
        return {}

    def register(self, transaction: Transaction, case: int) -> Mapping[str, Any]:
        return {}


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def _played(city: City, start_: str, steps: str = STEPS) -> tuple[list[str], set[str]]:
    text = f"name: x\non: 2026-09-24T20:00\nstart: {start_}{steps}"
    taken: set[Flow] = set()
    failures = play(city, "parcels", read_scenario(text.encode(), "scenarios/x.yaml"), taken)
    begun = {flow.source for flow in DRAWN.executable.flows() if Flow("parcels", flow.id) in taken}
    return [one.message for one in failures], begun & {"s", "told", "heard", "monthly"}


@pytest.mark.parametrize("way", STARTS)
def test_a_case_starts_by_hand_or_by_its_events_alone(city: City, way: str) -> None:
    start_, begun = STARTS[way]
    assert _played(city, start_) == ([], {begun})


def test_time_starts_it_when_the_timer_is_due_counted_from_the_beginning_of_the_scenario(city: City) -> None:
    # The case of the whole city is nobody's in a township.
    expected = "\nexpect: {open: [look], visited: [monthly], not_visited: [s]}"
    assert _played(city, "{timer: monthly, at: 4107}", expected) == ([], {"monthly"})
    assert city.moments == [NOW.replace(day=24, hour=20, month=10)]


def test_what_nobody_hears_or_starts_fails_the_scenario(city: City) -> None:
    unheard = "\nsteps: [{signal: sig1}]\nexpect: {}"
    assert _played(city, "{by: system, at: 410721101}", unheard)[0] == ["没有案件在等信号「sig1」。"]
    assert _played(city, "{message: unknown, at: 410721101}")[0] == ["「unknown」没有在 410721101 发起案件。"]

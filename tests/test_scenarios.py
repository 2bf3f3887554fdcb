"""Every scenario of every process folder, played through the real commands on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.clock import FixedClock
from engine.diagram import read
from engine.queries.invariants import scan_invariants
from engine.rehearsal import Flow, flows_of, play
from engine.runtime import Runtime
from engine.scenario import read_scenarios
from engine.settings import Settings
from engine.store.transaction import Database
from engine.testing import NOW, PostgresServer
from workflows.bootstrap import build_runtime
from workflows.stage import BureauStage, prepare

FOLDER = Path(__file__).parents[1] / "bpmn"
LIBRARY = read_library(FOLDER)
SCENARIOS = {
    f"{process}/{Path(scenario.file).stem}": (process, scenario)
    for process, files in LIBRARY.folders.items()
    for scenario in read_scenarios(files)
}


@dataclass(frozen=True)
class Played:
    """What playing one scenario showed."""

    failures: list[str]
    contradictions: list[str]
    taken: set[Flow]


@cache
def _played(stage: BureauStage, name: str) -> Played:
    process, scenario = SCENARIOS[name]
    taken: set[Flow] = set()
    contradictions: list[str] = []

    def check(runtime: Runtime) -> None:
        contradictions.extend(scan_invariants(runtime))

    failures = play(stage, process, scenario, taken, check)
    return Played([f"line {one.line}: {one.message}" for one in failures], contradictions, taken)


@pytest.fixture(scope="session")
def in_memory() -> BureauStage:
    return BureauStage(FOLDER, LIBRARY)


@pytest.fixture(scope="session")
def on_postgresql(postgres_server: PostgresServer) -> BureauStage:
    def fill(address: str) -> None:
        runtime = build_runtime(
            Settings(database_url=address, master_key=bytes(range(32)), library=FOLDER), FixedClock(NOW)
        )
        prepare(runtime, FOLDER, LIBRARY)
        runtime.database.dispose()

    @contextmanager
    def copy(_prepared: Database, clock: FixedClock) -> Iterator[Database]:
        database = postgres_server.engines.on(postgres_server.fresh("scenarios", fill), clock)
        try:
            yield database
        finally:
            postgres_server.engines.free(database)
            postgres_server.drop(database.url)

    return BureauStage(FOLDER, LIBRARY, copy)


@pytest.fixture(params=["in_memory", "on_postgresql"])
def stage(request: pytest.FixtureRequest) -> BureauStage:
    found: BureauStage = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_scenario_holds_and_leaves_nothing_that_contradicts_itself(stage, name):
    played = _played(stage, name)
    assert played.failures == []
    assert played.contradictions == []


def test_every_sequence_flow_of_every_diagram_is_taken_by_some_scenario(in_memory):
    flows = {flow for process in LIBRARY.folders for flow in _flows(process)}
    taken = {flow for name in SCENARIOS for flow in _played(in_memory, name).taken}
    assert flows
    assert sorted(flows - taken) == []


def test_relief_has_at_least_twenty_scenarios():
    assert len([name for name in SCENARIOS if name.startswith("relief/")]) >= 20


def _flows(process: str) -> frozenset[Flow]:
    return flows_of(read(LIBRARY.folders[process][f"{process}.bpmn"], f"{process}.bpmn"))

"""Every scenario of every process folder, played through the real commands on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.clock import FixedClock
from engine.diagram import read
from engine.queries.invariants import scan_invariants
from engine.rehearsal import Rehearsal, flows_of, rehearse
from engine.runtime import Runtime
from engine.scenario import read_scenarios
from engine.settings import Settings
from engine.store.transaction import Database
from engine.testing import NOW, PostgresServer
from workflows.bootstrap import build_runtime
from workflows.stage import BureauStage, prepare

FOLDER = Path(__file__).parents[1] / "bpmn"
LIBRARY = read_library(FOLDER)
SCENARIOS = [
    (process, scenario.file, scenario.name)
    for process, files in LIBRARY.folders.items()
    for scenario in read_scenarios(files)
]
IDS = [f"{process}/{Path(file).stem}" for process, file, _ in SCENARIOS]


@cache
def _played(stage: BureauStage) -> tuple[Rehearsal, tuple[str, ...]]:
    """Return the rehearsal of everything, and what the databases contradicted themselves in afterwards."""
    problems: list[str] = []

    def check(runtime: Runtime) -> None:
        problems.extend(scan_invariants(runtime))

    return rehearse(stage, LIBRARY, LIBRARY.folders, check), tuple(problems)


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
        database = Database(postgres_server.fresh("bureau", fill), clock)
        try:
            yield database
        finally:
            database.dispose()
            postgres_server.drop(database.url)

    return BureauStage(FOLDER, LIBRARY, copy)


@pytest.fixture(params=["in_memory", "on_postgresql"])
def stage(request: pytest.FixtureRequest) -> BureauStage:
    found: BureauStage = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize(("process", "file", "name"), SCENARIOS, ids=IDS)
def test_the_scenario_holds(stage, process, file, name):
    failures = _played(stage)[0].failures
    assert [f"line {one.line}: {one.message}" for one in failures if (one.file, one.scenario) == (file, name)] == []


def test_nothing_stored_contradicts_anything_else_after_any_scenario(stage):
    assert _played(stage)[1] == ()


@pytest.mark.parametrize("process", sorted(LIBRARY.folders))
def test_every_sequence_flow_is_taken_by_some_scenario(in_memory, process):
    flows = flows_of(read(LIBRARY.folders[process][f"{process}.bpmn"], f"{process}.bpmn"))
    assert flows
    assert sorted(flow for flow in _played(in_memory)[0].untaken if flow.process == process) == []


def test_relief_has_at_least_twenty_scenarios():
    assert len([process for process, _, _ in SCENARIOS if process == "relief"]) >= 20

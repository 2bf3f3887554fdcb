"""Scenarios are played in cities that share nothing, on both databases, through the bureau's own handlers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.clock import FixedClock
from engine.rehearsal import play
from engine.scenario import read_scenarios
from engine.settings import Settings
from engine.store.transaction import Database
from engine.testing.databases import PostgresServer
from workflows.bootstrap import build_runtime
from workflows.registers import ledger
from workflows.registers.entries import read_register
from workflows.stage import BureauStage, prepare

FOLDER = Path(__file__).parents[2] / "bpmn"
LIBRARY = read_library(FOLDER)


@pytest.fixture(scope="module")
def in_memory() -> BureauStage:
    return BureauStage(FOLDER, LIBRARY)


@pytest.fixture(scope="module")
def on_postgres(postgres_server: PostgresServer) -> BureauStage:
    @contextmanager
    def copy(_prepared: Database, clock: FixedClock) -> Iterator[Database]:
        url = postgres_server.fresh("city", _city)
        database = Database(url, clock)
        yield database
        database.dispose()
        postgres_server.drop(url)

    return BureauStage(FOLDER, LIBRARY, copy)


def _city(url: str) -> None:
    runtime = build_runtime(Settings(url, bytes(range(32)), library=FOLDER))
    prepare(runtime, FOLDER, LIBRARY)
    runtime.database.dispose()


@pytest.fixture(params=["in_memory", "on_postgres"])
def stage(request: pytest.FixtureRequest) -> BureauStage:
    return request.getfixturevalue(request.param)


def _balanced(runtime) -> None:
    with runtime.read() as transaction:
        balances = {name: amount for name, amount in ledger.balances(transaction).items() if amount}
        assert balances == {name: amount for name, amount in ledger.recomputed(transaction).items() if amount}


@pytest.mark.parametrize(
    "scenario",
    [one for one in read_scenarios(LIBRARY.folders["relief"]) if one.expect.ledger][:4],
    ids=lambda one: Path(one.file).stem,
)
def test_scenarios_that_move_money_hold_and_leave_a_balanced_ledger(stage, scenario):
    assert play(stage, "relief", scenario, set(), _balanced) == []


def test_two_cities_share_nothing(stage, clock):
    with stage.city(clock) as first:
        with first.write() as transaction:
            stage.given(transaction, {})
        with first.read() as transaction:
            assert stage.ledger(transaction)
    with stage.city(clock) as second, second.read() as transaction:
        assert stage.ledger(transaction) == {}
        assert second.published(transaction).roles["township_operator"].level == "township"
        assert second.latest(transaction, "relief").row.version == 1


def test_a_case_nobody_knows_stands_in_no_register(database):
    with database.read() as transaction:
        assert read_register(transaction, 5) == {
            "registered": False,
            "paperwork_overdue": False,
            "payments": [],
            "recovered": 0,
            "claim": None,
            "application": None,
            "danger": None,
            "programmes": {},
            "authorisations": 0,
            "publicity": [],
            "change": None,
            "decisions": [],
            "events": [],
            "roster": {},
            "amounts": {},
        }

"""Scenarios are played in cities that share nothing, on both databases, through the bureau's own handlers."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.rehearsal import play
from engine.scenario import read_scenarios
from workflows.registers import ledger
from workflows.registers.entries import read_register

LIBRARY = read_library(Path(__file__).parents[2] / "bpmn")


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
        found = read_register(transaction, 5)
    assert found
    assert {subject: value for subject, value in found.items() if value} == {}

"""A line of the sweep's ledger names the family, whether the registers know it or somebody met it on the way."""

from __future__ import annotations

import pytest

from workflows.registers import sweep_coverage, sweeps
from workflows.registers.given_sweeps import give_sweep
from workflows.registers.ledger import CaseRef
from workflows.registers.sweep_homes import Home, SweepHomes
from workflows.registers.sweeps import OPEN, PersonSeen, SeenPeople

TOWNSHIP = "410721101"
VILLAGE = f"{TOWNSHIP}001"
HOME = {"ledger": 7001, "name": "王建国", "id_no": "410721196503124413", "region": VILLAGE, "place": "东街三号"}
ROUND = {"round": "2026Q3", "from": "2026-07-01", "to": "2026-09-30", "township": TOWNSHIP, "households": [HOME]}


@pytest.fixture
def swept(database, keyring):
    with database.write() as transaction:
        give_sweep(transaction, ROUND, keyring)
    return database


def homes_of(database, keyring):
    with database.read() as transaction:
        lines = sweep_coverage.lines(transaction, "2026Q3", TOWNSHIP, [OPEN], 10)
        return SweepHomes(keyring).of(transaction, lines)


def test_a_known_family_has_its_head_and_its_address(swept, keyring):
    assert homes_of(swept, keyring) == {7001: Home("王建国", "翟坡镇 001 东街三号", "")}


def test_a_family_met_on_the_way_has_the_name_that_was_written_down(swept, keyring):
    with swept.write() as transaction:
        ledger = sweeps.add_household(transaction, CaseRef(5, "PC5", VILLAGE), "2026Q3", 1)
        SeenPeople(keyring).record(transaction, ledger, [PersonSeen(None, True, "face", {"name": "赵玉兰"})])
    assert homes_of(swept, keyring)[ledger] == Home("赵玉兰", "翟坡镇 001", "")

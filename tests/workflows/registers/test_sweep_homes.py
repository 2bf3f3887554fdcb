"""A line of the sweep's ledger names the family, whether the registers know it or somebody met it on the way."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.registers import households, sweep_coverage, sweeps
from workflows.registers.given_sweeps import give_sweep
from workflows.registers.households import Member
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents
from workflows.registers.sweep_homes import Home, SweepHomes
from workflows.registers.sweeps import OPEN, PersonSeen, SeenPeople

ON = date(2026, 9, 1)
TOWNSHIP = "410721101"
VILLAGE = f"{TOWNSHIP}001"
CASE = CaseRef(5, "PC5", VILLAGE)
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
        ledger = sweeps.add_household(transaction, CASE, "2026Q3", 1)
        SeenPeople(keyring).record(transaction, ledger, [PersonSeen(None, True, "face", {"name": "赵玉兰"})])
    assert homes_of(swept, keyring)[ledger] == Home("赵玉兰", "翟坡镇 001", "")


def test_a_family_whose_head_died_is_asked_for_by_another_member(swept, keyring):
    with swept.write() as transaction:
        residents = Residents(keyring)
        head = residents.find(transaction, HOME["id_no"])
        home = households.of_resident(transaction, head, ON)
        wife = residents.enter(transaction, CASE, Resident("李秀英"), ON)
        households.add(transaction, CASE, home, Member(wife, "配偶"), ON)
        assert residents.heads(transaction, [home], ON)[home].name == "王建国"
        households.remove(transaction, home, head, ON)
        assert residents.heads(transaction, [home], ON)[home].name == "李秀英"
        households.remove(transaction, home, wife, ON)
        assert residents.heads(transaction, [home], ON) == {}

"""A quarter's sweep on the screen: the assistant ticks a household off, the manager sees how far the places are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store.keys import new_key
from engine.store.transaction import Transaction
from tests.web.conftest import HERE, Browser
from workflows.registers import households, rosters, sweep_coverage
from workflows.registers.given_sweeps import give_sweep
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Residents
from workflows.registers.rosters import Enrolment

VILLAGE = f"{HERE}001"
HOME = {"ledger": 7001, "name": "王建国", "id_no": "410721196503124413", "region": VILLAGE, "place": "东街三号"}
CHILD = {"name": "王小明", "id_no": "410721201503120019", "relation": "子女"}
ROUND = {"round": "2026Q3", "from": "2026-07-01", "to": "2026-09-30", "township": HERE}


@pytest.fixture
def swept(runtime: Runtime) -> Runtime:
    """One family that draws the living allowance, and for the child a support nobody is to know of."""
    home = {**HOME, "members": [CHILD]}
    with runtime.write() as transaction:
        give_sweep(transaction, {**ROUND, "households": [home]}, runtime.keyring)
        for benefit, number in (("dibao", HOME["id_no"]), ("unattended", CHILD["id_no"])):
            _enrol(runtime, transaction, benefit, str(number))
        values = {"ledger": "7001", "household_name": HOME["name"], "id_no": HOME["id_no"]}
        definition = runtime.latest(transaction, "sweep_visit")
        begin_case(runtime, transaction, SYSTEM, Beginning(definition, VILLAGE, values, "system"))
    return runtime


def _enrol(runtime: Runtime, transaction: Transaction, benefit: str, id_no: str) -> None:
    person = Residents(runtime.keyring).find(transaction, id_no)
    assert person is not None
    since = date(2026, 1, 1)
    home = households.of_resident(transaction, person, since)
    new = Enrolment(benefit, person, home, since, 500_00, new_key())
    rosters.enrol(transaction, CaseRef(new_key(), "既有案件", VILLAGE), new)


def test_a_household_met_in_person_is_one_press(swept: Runtime, signed_in: Callable[[str], Browser]) -> None:
    operator = signed_in("operator")
    page = operator.get("/desk/sweep").get_data(as_text=True)
    assert "王建国" in page
    assert "共 1 户" in page
    task = page.split("/desk/sweep/")[1].split('"')[0]
    answer = operator.press(f"/desk/sweep/{task}")
    assert answer.status_code == 303
    with swept.read() as transaction:
        (part,) = sweep_coverage.coverage(transaction, "2026Q3", HERE, 12)
    assert (part.households, part.seen, part.persons_seen, part.covered) == (1, 1, 2, 100)
    page = operator.get(answer.location).get_data(as_text=True)
    assert "没有待排查的户" in page
    assert "已登记" in page


def test_pressing_twice_tells_that_it_is_done(swept: Runtime, signed_in: Callable[[str], Browser]) -> None:
    operator, colleague = signed_in("operator"), signed_in("colleague")
    task = operator.get("/desk/sweep").get_data(as_text=True).split("/desk/sweep/")[1].split('"')[0]
    colleague.get("/desk/sweep")
    assert operator.press(f"/desk/sweep/{task}").status_code == 303
    assert colleague.press(f"/desk/sweep/{task}").status_code == 409


def test_a_form_shows_what_the_family_draws_but_no_support_of_children(
    swept: Runtime, signed_in: Callable[[str], Browser]
) -> None:
    operator = signed_in("operator")
    task = operator.get("/desk/sweep").get_data(as_text=True).split("/desk/sweep/")[1].split('"')[0]
    page = operator.get(f"/desk/tasks/{task}").get_data(as_text=True)
    assert "王小明" in page
    assert "最低生活保障" in page
    assert "无人抚养" not in page
    assert "孤儿" not in page


def test_nobody_elsewhere_knows_of_the_visit(swept: Runtime, signed_in: Callable[[str], Browser]) -> None:
    task = signed_in("operator").get("/desk/sweep").get_data(as_text=True).split("/desk/sweep/")[1].split('"')[0]
    stranger = signed_in("stranger")
    assert "王建国" not in stranger.get("/desk/sweep").get_data(as_text=True)
    assert stranger.post(f"/desk/sweep/{task}", revision="1").status_code == 404


def test_a_manager_goes_down_from_the_city_to_the_village(swept: Runtime, signed_in: Callable[[str], Browser]) -> None:
    manager = signed_in("manager")
    assert "新乡县" in manager.get("/watch/sweep").get_data(as_text=True)
    assert f"region={HERE}" in manager.get(f"/watch/sweep?region={HERE[:6]}").get_data(as_text=True)
    page = manager.get(f"/watch/sweep?region={HERE}").get_data(as_text=True)
    assert "0%" in page
    assert "001" in page


def test_before_the_first_sweep_the_pages_say_what_comes(runtime: Runtime, signed_in: Callable[[str], Browser]) -> None:
    assert "现在没有排查" in signed_in("operator").get("/desk/sweep").get_data(as_text=True)
    assert "还没有排查" in signed_in("manager").get("/watch/sweep").get_data(as_text=True)


def test_whoever_watches_one_township_sees_no_other(swept: Runtime, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("approver").get("/watch/sweep?region=410702").get_data(as_text=True)
    assert "红旗区" not in page
    assert "001" in page
    assert date(2026, 9, 30).isoformat() in page

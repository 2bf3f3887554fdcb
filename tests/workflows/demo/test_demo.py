"""The demo is played through the real commands: what it shows is a state the product itself made."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.cn import ric

from engine.queries.waiting import open_tasks
from engine.queries.worklist import worklist
from engine.settings import Settings
from engine.store import people
from engine.store.tables import case as cases_table
from engine.store.tables import incident
from workflows.bootstrap import build_runtime
from workflows.demo import DEMO_PASSWORD, LOGINS, is_loaded, load_demo, plan_demo_cases
from workflows.demo.dates import BEGINNING, OPENING
from workflows.demo.money import monitored
from workflows.demo.staff import everybody
from workflows.registers import ledger, regions
from workflows.registers.tables import compare_finding, payment

LIBRARY = Path(__file__).parents[3] / "bpmn"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    runtime = build_runtime(Settings(f"sqlite:///{path}", bytes(32), library=LIBRARY, demo=True))
    runtime.database.migrate(runtime.migrations)
    assert not is_loaded(runtime)
    load_demo(runtime, cases=60)
    yield runtime
    runtime.database.dispose()


def test_the_same_seed_plans_the_same_cases_and_another_seed_others():
    first, again, other = plan_demo_cases(7, 50), plan_demo_cases(7, 50), plan_demo_cases(8, 50)

    assert first == again
    assert first != other


def test_500_relief_cases_go_back_four_months_over_all_counties():
    relief = [script for script in plan_demo_cases() if script.process == "relief"]

    assert len(relief) == 500
    assert {script.region[:6] for script in relief} == {unit.code for unit in regions.counties()}
    assert min(script.at for script in relief) >= BEGINNING
    assert max(script.at for script in relief) <= OPENING
    assert (OPENING - min(script.at for script in relief)).days > 100
    assert len({script.story for script in relief}) >= 12


def test_invented_citizens_pass_every_check():
    for script in plan_demo_cases(3, 80):
        if script.process == "relief":
            number = script.values["id_no"]
            assert ric.calc_check_digit(number) == number[-1]
            assert ric.get_birth_date(number).year >= 1938
            assert luhn.is_valid(script.values["bank_account"])
            assert script.values["phone"].isdigit()


def test_every_township_and_county_has_its_people_under_logins_of_their_own():
    people = list(everybody())
    held = Counter((one.role, one.region) for one in people)

    assert len({one.login for one in people}) == len(people)
    assert all(held["township_operator", unit.code] == 2 for unit in regions.townships())
    assert all(held["township_approver", unit.code] == 1 for unit in regions.townships())
    assert all(held["county_approver", unit.code] == 1 for unit in regions.counties())
    assert "hongmen_operator" in {one.login for one in LOGINS}
    assert {one.login for one in LOGINS} <= {one.login for one in people}
    assert len(DEMO_PASSWORD) >= 10


def test_the_monitoring_register_holds_invented_persons_of_three_groups():
    assert len(monitored()) == 40
    assert {group for _, group in monitored()} == {"脱贫不稳定户", "边缘易致贫户", "突发严重困难户"}


def test_played_cases_are_in_every_state(loaded):
    with loaded.read() as transaction:
        rows = transaction.execute(cases_table.select()).all()
        tasks = open_tasks(transaction)
        incidents = transaction.execute(incident.select()).all()

    assert {row.element_name for row in incidents} == {"银行转账"}
    assert len(incidents) == 2
    relief = [row for row in rows if row.process == "relief"]
    assert len(relief) == 62  # 60 and two that bridge the green channel of the living allowance
    assert len({row.end_name for row in relief}) >= 3
    waiting = {row.key for row in rows if row.status == "open"}
    assert waiting
    assert all(row.started_at <= OPENING for row in rows)
    assert {task.case for task in tasks} <= waiting


def test_what_happens_to_families_who_draw_a_benefit_waits_at_every_step(loaded):
    with loaded.read() as transaction:
        waiting = {f"{task.process}/{task.element}" for task in open_tasks(transaction)}
        ends = {(row.process, row.end_name) for row in transaction.execute(cases_table.select())}

    assert waiting >= {
        "change_report/task_verify", "change_report/task_verify_county", "change_report/task_admonish",
        "adjustment/task_facts", "adjustment/task_raise", "hearing/task_decide", "stop/task_confirm", "stop/task_stop",
        "dibao_review/task_list", "visit/task_survey", "enrolment/task_publish", "recovery/task_propose",
        "subsidy_review/task_report", "subsidy_mismatch/task_verify", "subsidy_mismatch/task_invite",
        "sweep_visit/task_visit", "sweep_township/task_chase",
    }  # fmt: skip
    assert ends >= {
        ("change_report", "已办结"), ("stop", "已停发"), ("dibao", "已确认，次月发放"), ("sweep_visit", "已登记"),
        ("sweep_township", "已报县级"), ("sweep_county", "已报市级"),
    }  # fmt: skip


def test_the_comparison_finds_the_planted_mismatches_and_no_others(loaded):
    with loaded.read() as transaction:
        found = transaction.execute(compare_finding.select()).all()

    assert Counter((row.county, row.queue) for row in found) == {
        ("410721", "wrong"): 2, ("410721", "missed"): 1, ("410721", "yearly"): 1, ("410721", "expiring"): 1,
        ("410702", "wrong"): 1,
    }  # fmt: skip


def test_the_played_ledger_balances_and_every_payment_stands_in_it(loaded):
    with loaded.read() as transaction:
        balances = ledger.balances(transaction)
        summed = ledger.recomputed(transaction)
        paid = transaction.execute(payment.select().where(payment.c.status == "confirmed")).all()

    assert {name: amount for name, amount in balances.items() if amount} == {
        name: amount for name, amount in summed.items() if amount
    }
    assert sum(balances.values()) == 0
    received = sum(amount for name, amount in balances.items() if name.startswith("relief_paid/"))
    assert received * 100 == sum(row.amount - row.recovered for row in paid) > 0


def test_the_demo_opens_on_its_morning_and_is_known_to_be_loaded(loaded):
    assert is_loaded(loaded)
    assert 0 <= (loaded.clock.now() - OPENING).total_seconds() < 600


def test_everybody_whose_login_is_shown_at_a_desk_finds_work(loaded):
    desks = [one for one in LOGINS if one.role in ("township_operator", "township_approver")]
    for one in desks:
        with loaded.read() as transaction:
            actor = people.actor(people.find_by_login(transaction, one.login))
            assert worklist(loaded, transaction, actor).total >= 1, one.login

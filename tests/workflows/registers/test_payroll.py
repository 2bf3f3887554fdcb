"""The monthly run on its registers: who is owed what, who is held back, what the bank did, and that it all adds up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.errors import Invalid
from tests.workflows.registers.town import (
    COUNTY,
    NEXT_RUN,
    NOVEMBER,
    OCTOBER,
    OTHER_COUNTY,
    RUN,
    SEPTEMBER,
    TOWNSHIP,
    Town,
)  # fmt: skip
from workflows.registers import decisions, ledger, residents, rosters
from workflows.registers.decisions import Decision
from workflows.registers.ledger import Account, CaseRef
from workflows.registers.payroll import batches, exceptions, returns, townships
from workflows.registers.payroll.batches import Answer, BankFiles
from workflows.registers.payroll.freeze import recheck
from workflows.registers.payroll.gates import Gate
from workflows.registers.payroll.release import Overpaid, overpaid, release
from workflows.registers.payroll.totals import reconcile, sums
from workflows.registers.rosters import Accounts, Change


@pytest.fixture
def town(database, keyring):
    return Town(database, keyring)


def test_every_gate_holds_its_line_back_and_the_others_are_ready(town):
    good = town.enrol()
    dead, account, unchecked = town.enrol(), town.enrol(account=False), town.enrol(checked=False)
    wrong, stopped_for_now = town.enrol(decided=440_00), town.enrol()
    twice = town.enrol(holder=town.holder(good), benefit="sub2_care", amount=60_00)
    tekun = town.enrol(holder=town.holder(wrong), benefit="tekun", amount=900_00)
    with town.database.write() as transaction:
        residents.note_death(transaction, town.holder(dead), date(2026, 9, 12))
        rosters.suspend(transaction, RUN, stopped_for_now, Change(OCTOBER, "verification"))

    assert town.freeze()
    assert not town.freeze()

    assert town.lines() == {
        (good, OCTOBER): (550_00, Gate(0), "ready"),
        (dead, OCTOBER): (550_00, Gate.DEAD, "held"),
        (account, OCTOBER): (550_00, Gate.ACCOUNT, "held"),
        (unchecked, OCTOBER): (550_00, Gate.ACCOUNT, "held"),
        (wrong, OCTOBER): (550_00, Gate.AMOUNT | Gate.DOUBLE, "held"),
        (stopped_for_now, OCTOBER): (550_00, Gate.SUSPENDED, "held"),
    }
    assert {twice, tekun}.isdisjoint({entry for entry, _ in town.lines()})


def test_a_decision_that_came_late_or_was_changed_is_paid_back_to_the_fen(town, clock):
    steady, raised = town.enrol(since=SEPTEMBER), town.enrol(since=SEPTEMBER)
    town.freeze(CaseRef(899, "FF899", COUNTY), SEPTEMBER)
    town.pay(CaseRef(899, "FF899", COUNTY), SEPTEMBER)
    clock.advance(timedelta(days=3))
    with town.database.write() as transaction:
        case = CaseRef(50, "BG50", TOWNSHIP)
        more = decisions.record(
            transaction, case, "raise", Decision("dibao", "raised", 600_01, "township", "陈一", "", SEPTEMBER)
        )
        rosters.change_amount(transaction, case, raised, 600_01, Change(SEPTEMBER, "birth", more))
    late = town.enrol(since=SEPTEMBER)
    town.freeze()

    assert {key: line[0] for key, line in town.lines().items()} == {
        (steady, OCTOBER): 550_00,
        (raised, SEPTEMBER): 50_01,
        (raised, OCTOBER): 600_01,
        (late, SEPTEMBER): 550_00,
        (late, OCTOBER): 550_00,
    }
    assert town.pay() == 550_00 * 3 + 50_01 + 600_01
    with town.database.read() as transaction:
        assert reconcile(transaction, BankFiles(town.keyring), COUNTY, OCTOBER, 2300_02).equal


def test_months_held_from_somebody_by_a_stop_that_was_wrong_are_paid_back_with_the_next_run(town):
    entry = town.enrol(since=SEPTEMBER)
    with town.database.write() as transaction:
        rosters.stop(transaction, RUN, entry, Change(SEPTEMBER, "comparison"))
        assert rosters.last_stopped(transaction, "dibao", town.holder(entry)).until == SEPTEMBER
        case = CaseRef(50, "YY50", TOWNSHIP)
        said = Decision("dibao", "granted", 550_00, "county", "陈一", "", SEPTEMBER)
        upheld = decisions.record(transaction, case, "dispute", said)
        assert rosters.reopen(transaction, case, entry, 550_00, Change(SEPTEMBER, "upheld", upheld))
        assert not rosters.reopen(transaction, case, entry, 550_00, Change(SEPTEMBER, "upheld", upheld))
    town.freeze()
    assert town.lines() == {(entry, month): (550_00, Gate(0), "ready") for month in (SEPTEMBER, OCTOBER)}


def test_a_payment_that_came_back_is_paid_again_in_the_same_run_or_the_next(town, clock):
    fine, mended, still_wrong = town.enrol(), town.enrol(), town.enrol()
    town.freeze()
    assert town.pay(failing=(mended, still_wrong)) == 550_00
    with town.database.write() as transaction:
        brought_back = returns.to_mend(transaction, COUNTY, OCTOBER, town.batch)
        assert [(one.entry, one.why) for one in brought_back] == [(mended, "账户已销户"), (still_wrong, "账户已销户")]
        assert returns.mended(transaction, mended) == 1
    assert town.pay(attempt=2) == 550_00
    with town.database.write() as transaction:
        assert returns.close(transaction, COUNTY, OCTOBER) == 1
        books = reconcile(transaction, BankFiles(town.keyring), COUNTY, OCTOBER, 1100_00)
    assert books.equal
    assert books.ledger == 1100_00
    clock.advance(timedelta(days=30))
    town.freeze(NEXT_RUN, NOVEMBER)

    assert town.lines()[still_wrong, OCTOBER] == (550_00, Gate(0), "carried")
    assert {key: line[0] for key, line in town.lines(NOVEMBER).items()} == {
        (fine, NOVEMBER): 550_00, (mended, NOVEMBER): 550_00, (still_wrong, OCTOBER): 550_00, (still_wrong, NOVEMBER): 550_00,
    }  # fmt: skip


def test_who_moves_to_another_county_is_paid_by_it_without_a_gap_and_never_by_both(town):
    entry = town.enrol()
    town.freeze()
    with town.database.write() as transaction:
        rosters.move(transaction, RUN, entry, "410702100", Change(NOVEMBER, "moved"))
    there = CaseRef(902, "FF902", OTHER_COUNTY)
    town.freeze(there, OCTOBER)
    assert town.lines(county=OTHER_COUNTY) == {}
    town.freeze(there, NOVEMBER)
    town.freeze(NEXT_RUN, NOVEMBER)

    assert town.lines(NOVEMBER) == {}
    assert town.lines(NOVEMBER, OTHER_COUNTY) == {(entry, NOVEMBER): (550_00, Gate(0), "ready")}


def test_what_becomes_known_between_freeze_and_file_still_holds_the_line_back(town):
    dies, suspended, lowered, good = (town.enrol() for _ in range(4))
    town.freeze()
    with town.database.write() as transaction:
        residents.note_death(transaction, town.holder(dies), date(2026, 9, 28))
        rosters.suspend(transaction, RUN, suspended, Change(OCTOBER, "death signal"))
        rosters.change_amount(transaction, RUN, lowered, 300_00, Change(OCTOBER, "income", 1))
        assert recheck(transaction, COUNTY, OCTOBER) == 3

    states = {entry: line[1:] for (entry, _), line in town.lines().items()}
    assert states == {
        dies: (Gate.DEAD, "held"), suspended: (Gate.SUSPENDED, "held"), lowered: (Gate.AMOUNT, "held"),
        good: (Gate(0), "ready"),
    }  # fmt: skip


def test_a_false_death_signal_is_paid_in_the_run_that_is_open_and_what_is_really_wrong_stays_held(town):
    alive, other = town.enrol(), town.enrol(account=False)
    town.freeze()
    for entry in (alive, other):
        with town.database.write() as transaction:
            residents.note_death(transaction, town.holder(entry), date(2026, 9, 20))
            rosters.suspend(transaction, RUN, entry, Change(OCTOBER, "death signal"))
    with town.database.write() as transaction:
        recheck(transaction, COUNTY, OCTOBER)
    assert town.lines()[alive, OCTOBER][2] == "held"

    for entry in (alive, other):
        with town.database.write() as transaction:
            residents.note_death(transaction, town.holder(entry), None)
            rosters.resume(transaction, NEXT_RUN, entry, Change(OCTOBER, "false"))
            assert release(transaction, entry) == (entry == alive)

    assert {entry: line[2] for (entry, _), line in town.lines().items()} == {alive: "ready", other: "held"}
    assert town.pay() == 550_00
    town.freeze(NEXT_RUN, NOVEMBER)
    assert town.lines(NOVEMBER)[alive, NOVEMBER][0] == 550_00
    assert (alive, OCTOBER) not in town.lines(NOVEMBER)


def test_what_was_paid_for_months_after_a_stop_is_found_month_by_month(town):
    entry = town.enrol()
    town.freeze()
    town.pay()
    with town.database.read() as transaction:
        assert overpaid(transaction, entry, OCTOBER) == Overpaid(550_00, (OCTOBER,))
        assert overpaid(transaction, entry, NOVEMBER) == Overpaid(0, ())


def test_a_person_lets_a_line_pass_holds_or_drops_it_but_never_pays_the_dead_or_the_same_month_twice(town):
    dead, wrong = town.enrol(), town.enrol(decided=440_00)
    with town.database.write() as transaction:
        residents.note_death(transaction, town.holder(dead), date(2026, 9, 12))
    town.freeze()
    with town.database.write() as transaction:
        listed = exceptions.waiting(transaction, TOWNSHIP, OCTOBER, confidential=False)
    assert [(one.line.entry, one.may_be_paid) for one in listed] == [(dead, False), (wrong, True)]
    assert [(one.amount, one.decided) for one in listed] == [(550_00, 550_00), (550_00, 440_00)]
    first, second = (one.line for one in listed)

    def decide(line, what):
        with town.database.write() as transaction:
            return exceptions.decide(transaction, COUNTY, OCTOBER, line, what, "陈一", "已核实")

    with pytest.raises(Invalid, match="failed Dead"):
        decide(first, "pay")
    assert decide(first, "drop") == "dropped"
    assert decide(second, "pay") == "ready"
    assert decide(second, "drop") == "ready"
    with town.database.read() as transaction:
        assert exceptions.waiting(transaction, TOWNSHIP, OCTOBER, confidential=False) == []


def test_a_file_that_is_rejected_or_recalled_gives_the_lines_and_the_money_back(town):
    town.enrol()
    town.freeze()
    for attempt, state in ((1, "rejected"), (2, "recalled")):
        with town.database.write() as transaction:
            batch = BankFiles(town.keyring).prepare(transaction, RUN, OCTOBER, attempt)
            batches.release(transaction, RUN, batch.key)
            assert ledger.balance(transaction, Account(COUNTY, "payroll")) == 550_00
            batches.take_back(transaction, RUN, batch.key, state)
            batches.take_back(transaction, RUN, batch.key, state)
            assert ledger.balance(transaction, Account(COUNTY, "payroll")) == 0
    assert town.pay(attempt=3) == 550_00
    with town.database.read() as transaction:
        assert [(one.state, one.total) for one in sums(transaction, COUNTY, OCTOBER)] == [("paid", 550_00)]
        assert ledger.balances(transaction) == ledger.recomputed(transaction)


def test_an_answer_that_does_not_add_up_changes_nothing(town):
    town.enrol()
    town.freeze()
    with town.database.write() as transaction:
        batch = BankFiles(town.keyring).prepare(transaction, RUN, OCTOBER, 1)
        batches.accept(transaction, batch.key, "YH1")
        assert not batches.settle(transaction, RUN, batch.key, Answer(1, 549_99, {}))
    assert [line[2] for line in town.lines().values()] == ["sent"]


def test_the_file_says_what_the_lines_say_and_a_name_cannot_break_out_of_its_field(town, keyring):
    entry = town.enrol()
    with town.database.write() as transaction:
        Accounts(keyring).set(transaction, entry, {"payee_name": "王|1\nD|9", "bank_account": "6228", "bank": ""}, True)
    town.freeze()
    with town.database.write() as transaction:
        files = BankFiles(keyring)
        batch = files.prepare(transaction, RUN, OCTOBER, 1)
        again = files.prepare(transaction, RUN, OCTOBER, 1)
        (text,) = files.parts(transaction, batch.key)
    assert again == batch
    assert text.splitlines() == [
        f"H|{batch.key}|410721|2026-10",
        f"D|1|{entry}-202610|6228|王 1 D 9|55000|最低生活保障2026-10",
        "T|1|55000",
    ]


def test_each_township_confirms_and_the_last_one_is_told_apart(town):
    town.enrol()
    town.enrol(region="410721102")
    town.freeze()
    with town.database.write() as transaction:
        assert townships.ask(transaction, RUN, OCTOBER) == ["410721101", "410721102"]
        assert townships.ask(transaction, RUN, OCTOBER) == []
        assert townships.confirm(transaction, "410721101", OCTOBER, "陈一") == 1
        assert townships.missing(transaction, COUNTY, OCTOBER) == ["410721102"]
        assert townships.confirm(transaction, "410721102", OCTOBER, "李二") == 0

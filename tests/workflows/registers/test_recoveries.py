"""Claims to the fen: refunds enter the books once, parts of later months are withheld by the payment run itself."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Invalid
from workflows.registers import decisions, ledger, recoveries, rosters
from workflows.registers.decisions import Decision
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import batches
from workflows.registers.payroll.batches import Answer, BankFiles
from workflows.registers.payroll.freeze import Back, freeze, recheck
from workflows.registers.payroll.totals import reconcile
from workflows.registers.recoveries import Claim
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Accounts, Enrolment

CASE, COUNTY = CaseRef(9, "ZJ9", "410721101"), "410721"
CLAIM = Claim(due=250_01, payment=None, entry=77)


@pytest.fixture
def entry(database, keyring):
    case, since = CaseRef(1, "DB1", "410721101"), date(2026, 1, 1)
    with database.write() as transaction:
        holder = Residents(keyring).enter(transaction, case, Resident("王一", "410721198503120016"), since)
        decision = decisions.record(
            transaction, case, "confirmation", Decision("dibao", "granted", 550_00, "township", "陈一", "", since)
        )
        key = rosters.enrol(transaction, case, Enrolment("dibao", holder, None, since, 550_00, decision))
        account = {"payee_name": "王一", "bank_account": "6228480000000001111", "bank": ""}
        Accounts(keyring).set(transaction, key, account, checked=True)
    return key


def paid(database, keyring, month):
    """Run the month's payment; return what the bank paid, in fen, once all four books agree."""
    run, files = CaseRef(month.month, f"FF{month.month}", COUNTY), BankFiles(keyring)
    with database.write() as transaction:
        freeze(transaction, run, "dibao", month, Back(date(2026, 10, 1), 12))
        assert recheck(transaction, COUNTY, month) == 0
        batch = files.prepare(transaction, run, month, 1)
        batches.release(transaction, run, batch.key)
        batches.accept(transaction, batch.key, "YH")
        assert batches.settle(transaction, run, batch.key, Answer(batch.lines, batch.total, {}))
        assert reconcile(transaction, files, COUNTY, month, batch.total).equal
    return batch.total


def test_what_is_withheld_is_paid_back_to_the_fen_and_every_book_agrees(database, keyring, entry):
    with database.write() as transaction:
        last = recoveries.plan_netting(transaction, CASE, entry, CLAIM.due, 100_00)
        assert recoveries.plan_netting(transaction, CASE, entry, CLAIM.due, 100_00) == last == date(2026, 12, 1)

    months = [date(2026, month, 1) for month in (10, 11, 12)]
    assert [paid(database, keyring, month) for month in months] == [450_00, 450_00, 499_99]
    assert paid(database, keyring, date(2027, 1, 1)) == 550_00

    with database.write() as transaction:
        assert recoveries.take_netting(transaction, CASE, CLAIM) == 0
        assert recoveries.take_netting(transaction, CASE, CLAIM) == 0
        assert recoveries.received(transaction, CASE) == 250_01


def test_what_could_not_be_withheld_is_still_out_and_no_longer_planned(database, keyring, entry):
    with database.write() as transaction:
        recoveries.plan_netting(transaction, CASE, entry, CLAIM.due, 200_00)
    assert paid(database, keyring, date(2026, 10, 1)) == 350_00
    with database.write() as transaction:
        assert recoveries.take_netting(transaction, CASE, CLAIM) == 50_01
    assert paid(database, keyring, date(2026, 11, 1)) == 550_00


def test_a_refund_counts_once_and_never_exceeds_what_is_out(database):
    with database.write() as transaction:
        assert recoveries.refund(transaction, CASE, CLAIM, 250_00, "one") == 1
        assert recoveries.refund(transaction, CASE, CLAIM, 250_00, "one") == 1
        with pytest.raises(Invalid, match=r"0\.01"):
            recoveries.refund(transaction, CASE, CLAIM, 2, "two")
        recoveries.pay_fine(transaction, CASE, 500_02)
        recoveries.pay_fine(transaction, CASE, 500_02)
    with database.read() as transaction:
        told = {name: amount for name, amount in ledger.balances(transaction).items() if amount}
        assert recoveries.received(transaction, CASE) == 250_00
    assert {name: str(amount) for name, amount in told.items()} == {
        "benefit_paid/410721": "-250.00", "county_budget/410721": "250.00",
        "fines_due/410721": "-500.02", "fine_income/410721": "500.02",
    }  # fmt: skip

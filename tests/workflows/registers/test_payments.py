from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from engine.errors import ModelError
from workflows.registers import funds, ledger, payments
from workflows.registers.ledger import Account, CaseRef

FUND = Account("410702100", "reserve_fund")
RATIO = Decimal("0.3")


def case(key: int) -> CaseRef:
    return CaseRef(key, f"LS{key}", "410702100")


def fill(database, amount: int) -> None:
    with database.write() as transaction:
        funds.allocate(transaction, case(1), FUND, amount)


def book(database, key: int, amount: int, purpose: str = "relief") -> payments.Booked:
    with database.write() as transaction:
        return payments.book(transaction, case(key), purpose, amount, FUND, "transfer", RATIO)


def test_twenty_threads_booking_one_fund_never_overdraw_it(database):
    fill(database, 1_000_00)
    barrier = Barrier(20)

    def take(key: int) -> bool:
        barrier.wait()
        return book(database, key, 90_00).payment is not None

    with ThreadPoolExecutor(20) as threads:
        funded = list(threads.map(take, range(100, 120)))

    assert sum(funded) == 11  # 11 x 90 = 990 of 1,000 yuan
    with database.read() as transaction:
        balances = ledger.balances(transaction)
        assert balances["reserve_fund/410702100"] == Decimal("10.00")
        assert balances["clearing/410702100"] == Decimal("990.00")
        assert balances == ledger.recomputed(transaction)


def test_opposite_movements_on_the_same_accounts_do_not_deadlock(database):
    fill(database, 1_000_00)
    keys = [book(database, key, 1_00).payment for key in range(100, 140)]
    barrier = Barrier(20)

    def work(number: int) -> None:
        barrier.wait()
        for step in range(2):
            with database.write() as transaction:
                payments.reverse(transaction, keys[number * 2 + step])
            book(database, 200 + number * 2 + step, 1_00)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(work, range(20)))

    with database.read() as transaction:
        assert ledger.balances(transaction)["clearing/410702100"] == Decimal("40.00")
        assert ledger.balances(transaction) == ledger.recomputed(transaction)


def test_a_fund_without_enough_money_answers_so_and_nothing_is_booked(database):
    fill(database, 100_00)

    assert book(database, 7, 100_01) == payments.Booked(None, 100_00, refill=False)
    with database.read() as transaction:
        assert ledger.balances(transaction)["reserve_fund/410702100"] == 100


def test_after_a_transfer_that_failed_the_same_purpose_can_be_paid_again(database):
    fill(database, 100_00)
    first = book(database, 7, 60_00)
    with database.write() as transaction:
        payments.reverse(transaction, first.payment)

    second = book(database, 7, 60_00)

    assert second.payment not in (None, first.payment)
    assert book(database, 7, 60_00).payment == second.payment
    with database.read() as transaction:
        assert ledger.balances(transaction)["reserve_fund/410702100"] == 40


def test_one_purpose_cannot_silently_become_another_amount(database):
    fill(database, 100_00)
    book(database, 7, 60_00)

    with pytest.raises(ModelError, match=r"60\.00 yuan is booked and 20\.00"):
        book(database, 7, 20_00)
    assert book(database, 7, 20_00, purpose="instalment-2").payment is not None


def test_a_refill_is_asked_once_below_the_share_and_again_after_the_next_allocation(database):
    fill(database, 100_00)

    assert not book(database, 7, 70_00).refill  # 30 yuan left: not below 30 %
    assert book(database, 8, 1).refill
    assert not book(database, 9, 1).refill
    with database.write() as transaction:
        funds.allocate(transaction, case(2), FUND, 80_00)
    assert book(database, 10, 90_00).refill


def test_the_database_itself_refuses_a_negative_fund(database):
    fill(database, 100_00)
    with pytest.raises(Exception, match="never_overdrawn"), database.write() as transaction:
        transaction.execute(ledger.ledger_account.update().values(balance=-1))

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.errors import Invalid, ModelError
from workflows.registers import ledger

PAY = {"amount": Decimal(1000), "fund": "township", "purpose": "relief-1", "way": "transfer"}


def balances(database):
    with database.read() as transaction:
        found = {name: amount for name, amount in ledger.balances(transaction).items() if amount}
        assert found == {name: amount for name, amount in ledger.recomputed(transaction).items() if amount}
    return found


def test_money_leaves_the_fund_once_and_arrives(call, database, clock):
    call("fund_allocate", case=1, times=3, amount=Decimal(5000))

    booked = call("payment_book", times=3, **PAY)
    call("payment_instruct", times=3, payment=booked["payment"])
    first = call("payment_confirm", payment=booked["payment"])
    clock.advance(timedelta(days=1))
    again = call("payment_confirm", payment=booked["payment"])

    assert (booked["funded"], booked["fund_left"]) == (True, Decimal(4000))
    assert first == again
    assert balances(database) == {
        "county_budget/410702": -5000,
        "reserve_fund/410702100": 4000,
        "relief_paid/410702100": 1000,
    }


def test_the_county_reserve_pays_where_the_township_has_nothing(call, database):
    call("fund_allocate", case=1, region="410702", amount=Decimal(9000))

    assert call("payment_book", **PAY) == {"payment": "", "funded": False, "fund_left": Decimal(0)}
    booked = call("payment_book", **{**PAY, "fund": "county", "purpose": "relief-2"})

    assert booked["funded"]
    assert balances(database)["clearing/410702"] == 1000


def test_a_reversed_payment_is_back_and_cannot_be_confirmed(call, database):
    call("fund_allocate", case=1, amount=Decimal(5000))
    payment = call("payment_book", **PAY)["payment"]
    call("payment_reverse", times=3, payment=payment)

    assert balances(database)["reserve_fund/410702100"] == 5000
    with pytest.raises(ModelError, match="reversed"):
        call("payment_confirm", payment=payment)


def test_refunds_count_once_per_passage_and_never_exceed_what_was_paid(call, database):
    call("fund_allocate", case=1, amount=Decimal(5000))
    payment = call("payment_book", **PAY)["payment"]
    call("payment_confirm", payment=payment)

    call("recovery_refund", case=9, recover_amount=PAY["amount"], token=11, times=1, payment=payment, amount=Decimal(400))
    call("recovery_refund", case=9, recover_amount=PAY["amount"], token=12, times=1, payment=payment, amount=Decimal(400))
    call("recovery_refund", case=9, recover_amount=PAY["amount"], token=12, times=1, payment=payment, amount=Decimal(400))

    assert balances(database)["relief_paid/410702100"] == 200
    with pytest.raises(Invalid, match="at most 200"):
        call("recovery_refund", case=9, recover_amount=PAY["amount"], token=13, payment=payment, amount=Decimal(201))
    assert balances(database)["relief_paid/410702100"] == 200


def test_a_low_fund_starts_one_refill_case_in_its_township(call):
    call("fund_allocate", case=1, amount=Decimal(2000))

    call("payment_book", times=3, **{**PAY, "amount": Decimal(1500)})
    call("payment_book", case=8, **{**PAY, "amount": Decimal(100)})

    assert call.requested == [
        ("reserve_refill", "410702100", {"fund_left": Decimal(500), "last_allocation": Decimal(2000)})
    ]


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("0.001"), None, "12", True, Decimal("NaN")])
def test_an_amount_that_is_none_is_the_diagrams_mistake(call, amount):
    with pytest.raises(ModelError, match="Expected amount"):
        call("payment_book", **{**PAY, "amount": amount})


def test_an_unknown_payment_is_the_diagrams_mistake(call):
    for wrong in ("", "abc", "12345"):
        with pytest.raises(ModelError):
            call("payment_confirm", payment=wrong)

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.errors import ModelError
from workflows.registers import funds, ledger, payments
from workflows.registers.ledger import Account, CaseRef

FUND = Account("410702100", "reserve_fund")
MONTHS = ["2026-06", "2026-07", "2026-08", "2026-09"]
RATIO = Decimal("0.3")


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    events=st.lists(
        st.tuples(st.integers(1, 36), st.sampled_from("abcr"), st.integers(1, 500_00)), min_size=1, max_size=12
    )
)
def test_a_statement_is_the_sum_of_its_entries_and_each_month_opens_where_the_last_closed(make_database, clock, events):
    database = make_database()
    clock.set(datetime(2026, 6, 10, 8, tzinfo=SHANGHAI))
    for number, (hours, kind, amount) in enumerate(events, start=1):
        clock.advance(timedelta(hours=hours * 6))
        with database.write() as transaction:
            act(transaction, kind, CaseRef(number, f"LS{number}", FUND.region), amount)

    with database.read() as transaction:
        statements = [funds.statement(transaction, FUND, month) for month in MONTHS]
        held = ledger.balance(transaction, FUND)
    for one in statements:
        assert one.closing == one.opening + one.allocated - one.paid_out + one.returned
        assert one.closing - one.opening == sum(entry.amount for entry in one.entries)
    assert [one.closing for one in statements[:-1]] == [one.opening for one in statements[1:]]
    assert (statements[0].opening, statements[-1].closing) == (0, held)


def act(transaction, kind: str, case: CaseRef, amount: int) -> None:
    if kind == "a":
        funds.allocate(transaction, case, FUND, amount)
        return
    payment = payments.book(transaction, case, "relief", amount, FUND, "transfer", RATIO).payment
    if payment is None or kind == "b":
        return
    if kind == "c":
        payments.reverse(transaction, payment)
        return
    payments.confirm(transaction, payment)
    payments.recover(transaction, payment, amount, "1")


def test_an_entry_belongs_to_the_month_it_was_made_in_shanghai(database, clock):
    clock.set(datetime(2026, 8, 31, 23, 59, 59, tzinfo=SHANGHAI))
    with database.write() as transaction:
        funds.allocate(transaction, CaseRef(1, "BY1", FUND.region), FUND, 100)
    clock.set(datetime(2026, 9, 1, 0, 0, tzinfo=SHANGHAI))
    with database.write() as transaction:
        funds.allocate(transaction, CaseRef(2, "BY2", FUND.region), FUND, 30)

    with database.read() as transaction:
        assert funds.statement(transaction, FUND, "2026-08").allocated == 100
        september = funds.statement(transaction, FUND, "2026-09")
    assert (september.opening, september.allocated, september.closing) == (100, 30, 130)


def test_a_filed_statement_stays_as_it_was_signed(database):
    case = CaseRef(1, "BY1", FUND.region)
    with database.write() as transaction:
        funds.open_funds(transaction, {FUND.region: 500_00}, "2026年初拨付")
        funds.file_statement(transaction, case, FUND, "2026-09", ["王一", "李二"])
    with database.write() as transaction:
        funds.file_statement(transaction, case, FUND, "2026-09", ["某人"])
        rows = transaction.execute(funds.fund_statement.select()).all()

    assert [(row.signers, row.closing) for row in rows] == [("王一、李二", 500_00)]


def test_many_funds_open_at_once_and_the_budget_of_their_county_pays(database):
    with database.write() as transaction:
        funds.open_funds(transaction, {"410702100": 100, "410702101": 50, "410721": 7, "410721101": 0}, "2026")

    with database.read() as transaction:
        balances = ledger.balances(transaction)
        assert balances == ledger.recomputed(transaction)
    assert balances["county_budget/410702"] == Decimal("-1.50")
    assert balances["reserve_fund/410721"] == Decimal("0.07")
    assert "reserve_fund/410721101" not in balances


@pytest.mark.parametrize("month", ["2026-13", "九月", "", "2026-9"])
def test_a_month_written_otherwise_is_the_diagrams_mistake(database, month):
    with pytest.raises(ModelError), database.read() as transaction:
        funds.statement(transaction, FUND, month)

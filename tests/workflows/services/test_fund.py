from datetime import date
from decimal import Decimal

from workflows.registers.tables import fund_statement, recovery


def test_a_months_statement_lists_what_came_and_went(call, database):
    call("fund_allocate", case=1, amount=Decimal(5000))
    payment = call("payment_book", amount=Decimal(800), fund="township", purpose="relief-1", way="cash")["payment"]
    call("payment_confirm", payment=payment)
    call("recovery_refund", payment=payment, recover_amount=Decimal(800), amount=Decimal("300.50"))

    found = call("fund_statement", case=2, month="2026-09")
    call("fund_statement_file", case=2, month="2026-09", signer_township="王一", signer_county="李二")

    entries = found.pop("entries")
    assert found == {
        "opening": 0,
        "allocated": 5000,
        "paid_out": 800,
        "returned": Decimal("300.50"),
        "closing": Decimal("4500.50"),
    }
    assert [(one["text"], one["amount"]) for one in entries] == [
        ("县级拨入", 5000),
        ("救助支出", -800),
        ("追回入账", Decimal("300.50")),
    ]
    assert {one["date"] for one in entries} == {date(2026, 9, 23)}
    with database.read() as transaction:
        filed = transaction.execute(fund_statement.select()).one()
    assert (filed.closing, filed.signers) == (450050, "王一、李二")


def test_a_claim_is_kept_with_how_it_stands(call, database):
    for outcome in ("notified", "dropped"):
        call("recovery_settle", payment="77", recover_amount=Decimal(800), outcome=outcome)

    with database.read() as transaction:
        rows = transaction.execute(recovery.select()).all()
    assert [(row.payment, row.due, row.standing) for row in rows] == [(77, 80000, "dropped")]

"""P5: a bank that drops, delays, doubles and lies still pays each payment once, and never one that was reversed."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BpmnError
from engine.runtime import RemoteRequest
from workflows.connectors.bank import bank_transfer
from workflows.connectors.http import Department, DepartmentError
from workflows.departments import Server, serve
from workflows.departments.manners import SUFFIXES, Manner
from workflows.registers import funds, ledger, payments
from workflows.registers.ledger import Account, CaseRef

FUND = Account("410702100", "reserve_fund")
GOOD_ACCOUNT = "6228480000000001234"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path / "departments.db", slow_seconds=0.6) as running:
        yield running


@pytest.fixture
def bank(server: Server):
    return bank_transfer(Department(server.url, seconds=0.3))


def request(key: str, amount: int = 100, account: str = GOOD_ACCOUNT) -> RemoteRequest:
    order = {"payment": "9", "amount": Decimal(amount).scaleb(-2), "payee_name": "王小明", "bank_account": account}
    return RemoteRequest(key, "bank_transfer", {"region": FUND.region, "number": "LS1"}, order, {})


def retried(bank, wanted: RemoteRequest, tries: int = 8):
    """Return the answer after as many tries as a job gets, with the constant key."""
    for _ in range(tries):
        try:
            return bank(wanted)
        except DepartmentError:
            continue
    raise AssertionError("the bank never answered")


manners = st.lists(st.sampled_from(sorted(Manner)), max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(orders=st.lists(st.tuples(st.integers(1, 9_999_99), manners), min_size=1, max_size=4))
def test_the_bank_moved_what_the_ledger_confirmed_however_it_behaves(make_database, tmp_path, orders):
    database = make_database()
    total = sum(amount for amount, _ in orders)
    with database.write() as transaction:
        funds.open_funds(transaction, {FUND.region: total}, "2026")
    with serve(tmp_path / f"{database.engine.url.database.rpartition('/')[2]}.bank", slow_seconds=0.3) as server:
        bank = bank_transfer(Department(server.url, seconds=0.15))
        for number, (amount, behaviour) in enumerate(orders):
            for manner in behaviour:
                server.site.manners.order(manner, 1)
            pay(database, bank, number, amount)
        moved = server.site.ledger.bank_total()
        paid = total_paid(database)

    assert moved == paid
    with database.read() as transaction:
        left = {name: amount for name, amount in ledger.balances(transaction).items() if amount}
    assert left.get("clearing/410702100", 0) == 0
    assert left.get("reserve_fund/410702100", 0) + moved == Decimal(total).scaleb(-2)


def pay(database, bank, number: int, amount: int) -> None:
    """Take one payment through booking, the bank and its end, as the diagram does: up to three attempts."""
    case = CaseRef(100 + number, f"LS{number}", FUND.region)
    for attempt in range(3):
        with database.write() as transaction:
            booked = payments.book(transaction, case, "relief", amount, FUND, "transfer", Decimal("0.3"))
            payments.instruct(transaction, booked.payment)
        try:
            paid = retried(bank, request(f"job-{number}-{attempt}", amount))["paid"]
        except BpmnError:
            paid = False
        with database.write() as transaction:
            (payments.confirm if paid else payments.reverse)(transaction, booked.payment)
        if paid:
            return


def total_paid(database) -> Decimal:
    with database.read() as transaction:
        confirmed = payments.confirmed_total(transaction)
        assert ledger.balances(transaction).get("relief_paid/410702100", Decimal(0)) == confirmed
    return confirmed


@pytest.mark.parametrize("manner", [Manner.SLOW, Manner.DROP, Manner.LIE])
def test_money_that_moved_without_a_good_answer_is_found_by_the_same_key(server, bank, manner):
    server.site.manners.order(manner, 1)

    with pytest.raises(DepartmentError):
        bank(request("job-1"))
    assert server.site.ledger.bank_total() == 1
    assert bank(request("job-1"))["paid"] is True
    assert server.site.ledger.bank_total() == 1


@pytest.mark.parametrize("manner", [Manner.LOSE, Manner.FAIL])
def test_a_request_that_never_took_effect_is_a_failed_try(server, bank, manner):
    server.site.manners.order(manner, 1)

    with pytest.raises(DepartmentError):
        bank(request("job-1"))
    assert server.site.ledger.bank_total() == 0


def test_a_request_received_twice_moves_money_once_and_gives_one_reference(server, bank):
    server.site.manners.order(Manner.DOUBLE, 1)

    first = bank(request("job-1"))

    assert first == bank(request("job-1"))
    assert len(server.site.ledger.transfers()) == 1


def test_a_wrong_account_is_a_business_error_and_a_blocked_one_is_not_paid(server, bank):
    with pytest.raises(BpmnError) as wrong:
        bank(request("job-1", account="6228480000000000000"))
    assert wrong.value.code == "ACCOUNT_INVALID"

    refused = bank(request("job-2", account="6228480000000000001"))
    assert (refused["paid"], refused["reason"]) == (False, "收款账户状态异常")
    assert server.site.ledger.bank_total() == 0


@pytest.mark.parametrize(
    "suffix", [s for s, m in SUFFIXES.items() if m not in (Manner.INVALID, Manner.REJECT, Manner.LOSE)]
)
def test_accounts_that_make_trouble_once_are_paid_by_the_next_try(bank, server, suffix):
    assert retried(bank, request("job-1", account=f"622848000000000{suffix}"), tries=2)["paid"]
    assert server.site.ledger.bank_total() == 1


def test_a_bank_that_is_not_there_is_a_failed_try():
    with pytest.raises(DepartmentError, match="no usable answer"):
        bank_transfer(Department("http://127.0.0.1:9", seconds=0.3))(request("job-1"))


def test_the_bank_remembers_after_a_restart(tmp_path):
    for _ in range(2):
        with serve(tmp_path / "departments.db") as running:
            bank_transfer(Department(running.url))(request("job-1"))
            assert running.site.ledger.bank_total() == 1


def ask(server: Server, method: str, path: str, body: object = None, headers: dict[str, str] | None = None):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_the_page_lists_transfers_and_messages_and_escapes_what_others_wrote(server, bank):
    bank(request("job-1", amount=150_050))
    ask(server, "POST", "/sms/messages", {"to": "13700000001", "text": "<b>起火</b>"}, {"Idempotency-Key": "job-2"})

    status, page = ask(server, "GET", "/")

    assert status == 200
    assert "1,500.50" in page
    assert "&lt;b&gt;起火&lt;/b&gt;" in page
    assert "<b>起火" not in page
    assert GOOD_ACCOUNT not in page


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/bank/transfers", {"payment": "1"}, {"Idempotency-Key": "k"}, 400),
        ("/bank/transfers", {"payment": "1", "amount": "1", "payee_name": "a", "bank_account": "1"}, {}, 400),
        ("/control", {"manner": "kind"}, {}, 400),
        ("/control", [], {}, 400),
        ("/nowhere", {}, {}, 404),
        ("/control", {"manner": "x" * 70_000}, {}, 413),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(server, path, body, headers, status):
    assert ask(server, "POST", path, body, headers)[0] == status


def test_the_control_orders_a_manner_for_the_next_requests(server, bank):
    assert ask(server, "POST", "/control", {"manner": "fail", "times": 2})[0] == 200

    assert retried(bank, request("job-1"), tries=3)["paid"]
    assert json.loads(ask(server, "GET", "/bank/total")[1]) == {"total": "1.00"}

"""P5 for a month's file: a bank that drops, delays, doubles and lies, and a sender killed anywhere, pay each line once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BpmnError
from engine.runtime import RemoteRequest
from workflows.connectors.http import Department, DepartmentError
from workflows.connectors.payroll import payroll_recall, payroll_results, payroll_send, payroll_statement
from workflows.departments import Server, serve
from workflows.departments.manners import Manner
from workflows.registers.payroll.bank_file import BankFile, Order
from workflows.registers.payroll.months import month_of

numbers = itertools.count(1)
ODD = [Manner.SLOW, Manner.DROP, Manner.LOSE, Manner.DOUBLE, Manner.LIE, Manner.FAIL, Manner.LATE]
GOOD, WRONG = "6228480000{:05d}9999", "6228480000{:05d}0000"


class Killed(BaseException):
    """The process that was sending is gone."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(Path(tmp_path_factory.mktemp("bank")) / "departments.db", slow_seconds=0.3) as running:
        yield running


def written(batch: int, amounts: list[int], wrong: set[int]) -> tuple[list[str], dict]:
    """Return the parts of a file and what the connector is given of it."""
    file = BankFile(batch, "410721", month_of("2026-10"))
    orders = [
        Order(f"{n}-202610", (WRONG if n in wrong else GOOD).format(n), "王小明", amount, "低保")
        for n, amount in enumerate(amounts, 1)
    ]
    parts = list(file.parts(orders))
    known = {"batch": str(batch), "batch_lines": file.lines, "batch_total": Decimal(file.total).scaleb(-2)}
    return parts, known | {"batch_digest": file.digest}


def until_answered(work, tries: int = 30):
    """Return the answer after as many tries as it takes, as a job is retried and a process is started anew."""
    for _ in range(tries):
        try:
            answer = work()
        except (DepartmentError, Killed):
            continue
        if answer.get("complete") is not False:
            return answer
    raise AssertionError("the bank never answered")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    amounts=st.lists(st.integers(1, 99_999_99), min_size=1, max_size=12),
    wrong=st.sets(st.integers(1, 12), max_size=3),
    odd=st.lists(st.sampled_from(ODD), max_size=6),
    kills=st.sets(st.integers(0, 3), max_size=3),
)
def test_every_line_is_paid_once_or_comes_back_however_the_bank_behaves(server, amounts, wrong, odd, kills):
    bank, batch = Department(server.url, seconds=0.15), next(numbers)
    parts, known = written(batch, amounts, wrong)
    for manner in odd:
        server.site.manners.order(manner, 1)
    left = set(kills)

    def part_of(_batch: int, number: int) -> str | None:
        if number - 1 in left:
            left.discard(number - 1)
            raise Killed
        return parts[number - 1] if number <= len(parts) else None

    def ask(connector):
        request = RemoteRequest(f"job-{batch}", "payroll", {"region": "410721"}, known, {})
        return until_answered(lambda: connector(request))

    ask(payroll_send(bank, part_of))
    found = ask(payroll_results(bank))
    again = ask(payroll_results(bank))
    bad = {n for n in wrong if n <= len(amounts)}
    good = sum(amount for n, amount in enumerate(amounts, 1) if n not in bad)

    assert found == again
    assert {one["number"] for one in found["returned"]} == bad
    assert (found["bank_lines"], found["bank_paid"]) == (len(amounts) - len(bad), Decimal(good).scaleb(-2))
    known["batches"] = [str(batch)]
    assert ask(payroll_statement(bank)) == {"bank_total": Decimal(good).scaleb(-2)}


def test_a_file_changed_on_its_way_is_rejected(server):
    parts, known = written(2**41, [100, 200], set())
    send = payroll_send(
        Department(server.url, seconds=2), lambda _b, n: parts[0].replace("|100|", "|900|") if n == 1 else None
    )
    with pytest.raises(BpmnError, match="BATCH_REJECTED"):
        send(RemoteRequest("job-1", "payroll_send", {}, known, {}))


def test_a_file_is_given_back_until_the_bank_begins_to_pay(server):
    bank = Department(server.url, seconds=2)
    for batch, executed in ((2**41 + 1, False), (2**41 + 2, True)):
        parts, known = written(batch, [100], set())
        request = RemoteRequest("job-1", "payroll", {}, known, {})
        payroll_send(bank, lambda _b, n, parts=parts: parts[n - 1] if n <= len(parts) else None)(request)
        if executed:
            assert payroll_results(bank)(request)["complete"]
        assert payroll_recall(bank)(request) == {"recalled": not executed}
        assert payroll_results(bank)(request)["complete"] is executed

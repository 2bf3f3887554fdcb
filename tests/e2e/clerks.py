"""Clerks at their browsers who insist: what a server said is done, they remember."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPException
from re import search

import sqlalchemy as sa

from engine.queries.waiting import open_tasks
from engine.runtime import Runtime
from engine.store import cases, user_tasks
from engine.store.cases import CASE_COLUMNS, CaseRow
from engine.store.transaction import Transaction
from tests.e2e.served import PASSWORD, TOWNSHIP
from web.bench.browser import Browser, Page
from workflows.registers.givens import read_ledger
from workflows.soundness import contradictions

FUND = f"reserve_fund/{TOWNSHIP}"
AMOUNT = 17
PEOPLE = ("operator", "approver")
PATIENCE = 60.0
SEVERAL = 3


@dataclass
class Kept:
    """What the server answered with success: it has to stay true."""

    started: list[str] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    by_address: Counter[str] = field(default_factory=Counter)


class Clerks:
    """Pairs of people, each at one of the addresses, who refill a fund again and again."""

    def __init__(self, bureau: Runtime, addresses: list[str], pairs: int) -> None:
        self.kept = Kept()
        self._bureau = bureau
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=_work, args=(bureau, addresses[pair % len(addresses)], self.kept, self._over))
            for pair in range(pairs)
        ]
        with bureau.read() as transaction:
            self._before = read_ledger(transaction)[FUND]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads)

    def wait_for_success(self) -> None:
        """Return once something succeeded after this call, or one of the clerks met with a fault."""
        reached, until = self.kept.by_address.total(), time.monotonic() + PATIENCE
        while self.kept.by_address.total() == reached and time.monotonic() < until and not self.kept.faults:
            time.sleep(0.01)

    def expect_success_at(self, *addresses: str) -> None:
        """Return once something succeeded after this call at every one of these addresses, a few times each."""
        before, until = Counter(self.kept.by_address), time.monotonic() + PATIENCE
        while any((self.kept.by_address - before)[address] < SEVERAL for address in addresses):
            assert self.kept.faults == []
            assert time.monotonic() < until, f"{self.kept.by_address} after {before}"
            time.sleep(0.01)

    def expect_kept(self, bureau: Runtime) -> None:
        """Fail unless what was answered is stored in this bureau, once, and nothing contradicts itself."""
        kept = self.kept
        assert kept.faults == []
        assert len(kept.completed) > len(kept.started) > 0
        expect_stored(bureau, kept, self._before)


def expect_stored(bureau: Runtime, kept: Kept, before: Decimal) -> None:
    """Fail unless all of this is stored, the fund has grown once for each allocation, and everything is sound."""
    assert contradictions(bureau) == ()
    with bureau.read() as transaction:
        found = every_case(transaction)
        lost = [task for task in kept.completed if not _completed(transaction, task)]
        balance = read_ledger(transaction)[FUND]
    assert set(kept.started) - {row.number for row in found} == set()
    assert lost == []
    assert balance - before == AMOUNT * len([row for row in found if row.end_event == "end_refilled"])


def _work(bureau: Runtime, address: str, kept: Kept, over: threading.Event) -> None:
    try:
        browsers = {name: Browser(address, timeout=10.0) for name in PEOPLE}
        for name, browser in browsers.items():
            _insist(lambda name=name, browser=browser: _signed_in(browser, name), over)
        while not over.is_set():
            _one_case(bureau, browsers, address, kept, over)
    except Exception as problem:
        kept.faults.append(repr(problem))


def _signed_in(browser: Browser, name: str) -> bool:
    browser.sign_in(name, PASSWORD)
    return True


def _one_case(bureau: Runtime, browsers: dict[str, Browser], address: str, kept: Kept, over: threading.Event) -> None:
    beginning = {"start_region": TOWNSHIP, "fund_left": "9000", "last_allocation": "50000", "do": "start"}
    started = _submit(browsers["operator"], "/desk/start/reserve_refill", beginning, 200, over)
    if started is None:
        return
    number = search(rf"{TOWNSHIP}-\d\d-\d{{5}}", started.text)
    assert number is not None, started.text
    kept.started.append(number.group())
    kept.by_address[address] += 1
    for name, answers in (
        ("operator", {"refill_amount": str(AMOUNT), "refill_reason": "按上年支出测算"}),
        ("approver", {"refill_decision": "approve", "refill_decision_reason": ""}),
    ):
        task = _open_task(bureau, number.group())
        if _submit(browsers[name], f"/desk/tasks/{task}", answers | {"do": "complete"}, 303, over) is None:
            return
        kept.completed.append(task)
        kept.by_address[address] += 1


def _submit(person: Browser, path: str, answers: dict[str, str], status: int, over: threading.Event) -> Page | None:
    """Return the answer to the form of the page; without an answer the very same request is sent again."""
    page = _insist(lambda: person.get(path), over)
    if page is None:
        return None
    assert page.status == 200, f"{page.status}: {page.text[-3000:]}"
    answered = _insist(lambda: person.post(path, page.hidden | answers), over)
    assert answered is None or answered.status == status, f"{answered.status}: {answered.text[-3000:]}"
    return answered


def _insist(ask, over: threading.Event):
    """Return the answer, asked for again as a person would when the server did not answer; None when it is over."""
    while True:
        try:
            return ask()
        except (OSError, HTTPException):
            if over.is_set():
                return None
            time.sleep(0.1)


def _open_task(bureau: Runtime, number: str) -> int:
    with bureau.read() as transaction:
        found = [row.key for row in open_tasks(transaction) if _number(transaction, row.case) == number]
    assert len(found) == 1, f"case {number} shows {len(found)} open tasks"
    return found[0]


def _number(transaction: Transaction, case: int) -> str:
    row = cases.find(transaction, case)
    assert row is not None
    return row.number


def _completed(transaction: Transaction, task: int) -> bool:
    row = user_tasks.find(transaction, task)
    return row is not None and row.status == "completed"


def every_case(transaction: Transaction) -> list[CaseRow]:
    return transaction.every(CaseRow, sa.select(*CASE_COLUMNS))

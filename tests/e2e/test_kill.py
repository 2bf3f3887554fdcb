"""P1: what the server said is done stays done, whatever instruction it is killed at."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPException
from pathlib import Path
from re import search

import pytest
import sqlalchemy as sa

from engine.queries.invariants import scan_invariants
from engine.queries.waiting import open_tasks
from engine.runtime import Runtime
from engine.store import cases, user_tasks
from engine.store.cases import CASE_COLUMNS, CaseRow
from engine.store.transaction import Transaction
from engine.testing.databases import Databases
from tests.e2e.served import PASSWORD, TOWNSHIP, Served, bureau_on, prepare_bureau
from web.bench.browser import Browser, Page
from workflows.registers import ledger
from workflows.registers.givens import read_ledger

FUND = f"reserve_fund/{TOWNSHIP}"
AMOUNT = 17
PEOPLE = ("operator", "approver")
CLIENTS = 3
PATIENCE = 60.0


@dataclass
class Kept:
    """What the server answered with success: it has to stay true."""

    started: list[str] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def bureau(databases: Databases, tmp_path: Path) -> Iterator[Runtime]:
    address = databases.fresh("bureau", prepare_bureau)
    runtime = bureau_on(address)
    yield runtime
    runtime.database.dispose()
    databases.drop(address)


@pytest.fixture
def served(bureau: Runtime, tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path, bureau.settings.database_url)
    server.start()
    yield server
    server.kill()


def test_every_success_is_still_true_after_the_server_was_killed_twenty_times(bureau, served):
    _kill_while_people_work(bureau, served, kills=20)


@pytest.mark.soak
def test_every_success_is_still_true_after_the_server_was_killed_two_hundred_times(bureau, served):
    _kill_while_people_work(bureau, served, kills=200)


def _kill_while_people_work(bureau: Runtime, served: Served, kills: int) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    with bureau.read() as transaction:
        before = read_ledger(transaction)[FUND]
    kept, over = Kept(), threading.Event()
    clients = [threading.Thread(target=_work, args=(bureau, served, kept, over)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        _kill_at_random(served, kept, kills, random.Random(seed))
    finally:
        over.set()
        for client in clients:
            client.join(timeout=PATIENCE)
    assert not any(client.is_alive() for client in clients)
    served.stop()
    _check(bureau, kept, before)


def _kill_at_random(served: Served, kept: Kept, kills: int, dice: random.Random) -> None:
    for number in range(kills):
        reached = len(kept.started) + len(kept.completed)
        until = time.monotonic() + PATIENCE
        # Something must have succeeded since the last kill, else it would hit a server that does nothing yet.
        while len(kept.started) + len(kept.completed) == reached and time.monotonic() < until and not kept.faults:
            time.sleep(0.01)
        time.sleep(dice.uniform(0.0, 0.3))
        if number % 10 == 9:
            served.kill()
            served.start()
        else:
            served.kill_worker()
            time.sleep(0.05)
            served.wait_ready()


def _work(bureau: Runtime, served: Served, kept: Kept, over: threading.Event) -> None:
    try:
        browsers = {name: Browser(served.address, timeout=10.0) for name in PEOPLE}
        for name, browser in browsers.items():
            _insist(lambda name=name, browser=browser: _signed_in(browser, name), over)
        while not over.is_set():
            _one_case(bureau, browsers, kept, over)
    except Exception as problem:
        kept.faults.append(repr(problem))


def _signed_in(browser: Browser, name: str) -> bool:
    browser.sign_in(name, PASSWORD)
    return True


def _one_case(bureau: Runtime, browsers: dict[str, Browser], kept: Kept, over: threading.Event) -> None:
    beginning = {"start_region": TOWNSHIP, "fund_left": "9000", "last_allocation": "50000", "do": "start"}
    started = _submit(browsers["operator"], "/desk/start/reserve_refill", beginning, 200, over)
    if started is None:
        return
    number = search(rf"{TOWNSHIP}-\d\d-\d{{5}}", started.text)
    assert number is not None, started.text
    kept.started.append(number.group())
    for name, answers in (
        ("operator", {"refill_amount": str(AMOUNT), "refill_reason": "按上年支出测算"}),
        ("approver", {"refill_decision": "approve", "refill_decision_reason": ""}),
    ):
        task = _open_task(bureau, number.group())
        if _submit(browsers[name], f"/desk/tasks/{task}", answers | {"do": "complete"}, 303, over) is None:
            return
        kept.completed.append(task)


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


def _check(bureau: Runtime, kept: Kept, before: Decimal) -> None:
    assert kept.faults == []
    assert len(kept.completed) > len(kept.started) > 0
    assert scan_invariants(bureau) == ()
    with bureau.read() as transaction:
        stored = {row.number for row in all_cases(transaction)}
        lost = [task for task in kept.completed if not _completed(transaction, task)]
        allocated = [row for row in all_cases(transaction) if row.end_event == "end_refilled"]
        balances = read_ledger(transaction)
        assert balances == ledger.recomputed(transaction)
    assert set(kept.started) - stored == set()
    assert lost == []
    assert balances[FUND] - before == AMOUNT * len(allocated)


def _completed(transaction: Transaction, task: int) -> bool:
    row = user_tasks.find(transaction, task)
    return row is not None and row.status == "completed"


def all_cases(transaction: Transaction) -> list[CaseRow]:
    return transaction.every(CaseRow, sa.select(*CASE_COLUMNS))

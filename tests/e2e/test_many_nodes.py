"""P1 on many nodes: two web servers and two workers on one PostgreSQL, any of which may die at any time."""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM
from engine.queries.status import status
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction
from engine.testing.databases import PostgresServer
from tests.e2e.clerks import PATIENCE, Clerks, every_case
from tests.e2e.served import Served, Worked, bureau_on, prepare_bureau
from workflows.departments.server import Server
from workflows.departments.server import serve as serve_departments
from workflows.registers.givens import read_ledger

KILLS = int(os.environ.get("DOUDI_SOAK_KILLS", "10000"))
CLERKS = 2
ELSEWHERE = "410721102"
PAID = 5
# How the bank treats the account: well, breaks the line after paying, takes it twice, pays and says it failed.
ACCOUNTS = ("0012", "0003", "0004", "0005")


@dataclass
class Plant:
    """The nodes, the bank they ask, and who has to be paid."""

    bureau: Runtime
    bank: Server
    webs: list[Served]
    workers: list[Worked]
    paid: list[int] = field(default_factory=list)

    @property
    def nodes(self) -> list[Served | Worked]:
        return [*self.webs, *self.workers]

    def pay(self, number: int) -> None:
        """Begin a payment; a worker has to ask the bank for its transfer."""
        values = {
            "amount": PAID, "fund": "township", "purpose": "relief", "way": "transfer", "payee_name": "王建国",
            "applicant_name": "王建国", "bank_account": f"62170000000000{ACCOUNTS[number % len(ACCOUNTS)]}",
        }  # fmt: skip
        self.paid.append(self.bureau.attempt(lambda transaction: self._begin(transaction, values)).key)

    def _begin(self, transaction: Transaction, values: dict[str, object]) -> CaseRow:
        beginning = Beginning(self.bureau.latest(transaction, "payment"), ELSEWHERE, values, "system")
        return begin_case(self.bureau, transaction, SYSTEM, beginning)

    def hurry(self) -> None:
        """Let no job wait before it is tried again."""
        with self.bureau.write() as transaction:
            soon = t.job.update().where(t.job.c.status == "waiting", t.job.c.kind == "service")
            transaction.execute(soon.values(due_at=transaction.now))

    def open_payments(self) -> int:
        with self.bureau.read() as transaction:
            query = sa.select(sa.func.count()).where(t.case.c.status == "open", t.case.c.process == "payment")
            return int(transaction.execute(query).scalar_one())


@pytest.fixture
def plant(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Plant]:
    address = postgres_server.fresh("bureau", prepare_bureau)
    with serve_departments(tmp_path / "departments.db") as bank:
        webs = [
            Served(tmp_path / f"web-{number}", address, options=("--no-worker",), departments=bank.url)
            for number in (1, 2)
        ]
        workers = [Worked(tmp_path / f"work-{number}", address, bank.url) for number in (1, 2)]
        made = Plant(bureau_on(address), bank, webs, workers)
        for node in made.nodes:
            node.launch()
        for web in webs:
            web.wait_ready()
        yield made
        for node in made.nodes:
            node.kill()
    made.bureau.database.dispose()
    postgres_server.drop(address)


def test_nothing_is_lost_or_doubled_while_any_of_four_nodes_dies_twenty_times(plant):
    _kill_while_everybody_works(plant, kills=20)


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_however_often_nodes_die(plant):
    _kill_while_everybody_works(plant, kills=KILLS)


def _kill_while_everybody_works(plant: Plant, kills: int) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    with plant.bureau.read() as transaction:
        before = read_ledger(transaction)[f"reserve_fund/{ELSEWHERE}"]
    clerks = Clerks(plant.bureau, [web.address for web in plant.webs], CLERKS)
    over = threading.Event()
    payer = threading.Thread(target=_pay, args=(plant, over))
    clerks.start()
    payer.start()
    try:
        _kill_at_random(plant, clerks, kills, random.Random(seed))
    finally:
        over.set()
        payer.join(timeout=PATIENCE)
        clerks.stop()
    _expect_everybody_paid_once(plant, before)
    clerks.expect_kept(plant.bureau)
    _expect_the_status_to_show_four_nodes(plant)


def _pay(plant: Plant, over: threading.Event) -> None:
    number = 0
    while not over.wait(0.5):
        plant.pay(number)
        plant.hurry()
        number += 1


def _kill_at_random(plant: Plant, clerks: Clerks, kills: int, dice: random.Random) -> None:
    for _ in range(kills):
        clerks.wait_for_success()
        time.sleep(dice.uniform(0.0, 0.3))
        node = dice.choice(plant.nodes)
        if isinstance(node, Served) and dice.random() < 0.7:
            node.wait_ready()
            node.kill_worker()
        else:
            node.kill()
            node.launch()


def _expect_everybody_paid_once(plant: Plant, before: Decimal) -> None:
    until = time.monotonic() + PATIENCE
    while plant.open_payments() and time.monotonic() < until:
        plant.hurry()
        time.sleep(0.3)
    assert plant.open_payments() == 0
    count = len(plant.paid)
    assert count > 0
    with plant.bureau.read() as transaction:
        ended = [row for row in every_case(transaction) if row.process == "payment"]
        after = read_ledger(transaction)[f"reserve_fund/{ELSEWHERE}"]
    assert {row.key for row in ended} == set(plant.paid)
    assert before - after == PAID * count
    transfers = plant.bank.site.ledger.transfers(limit=count * 2)
    assert len({row["payment"] for row in transfers}) == len(transfers) == count
    assert plant.bank.site.ledger.bank_total() == PAID * count


def _expect_the_status_to_show_four_nodes(plant: Plant) -> None:
    """Those that died last are found dead by another within ten seconds."""
    until = time.monotonic() + PATIENCE
    while True:
        with plant.bureau.read() as transaction:
            found = status(plant.bureau, transaction)
        roles = sorted(node.role for node in found.nodes if node.alive)
        if (roles == ["web", "web", "worker", "worker"] and not found.attention) or time.monotonic() > until:
            break
        time.sleep(0.5)
    assert roles == ["web", "web", "worker", "worker"]
    assert found.attention == ()

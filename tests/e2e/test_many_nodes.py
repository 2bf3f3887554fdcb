"""P1 on many nodes: two web servers and two workers on one PostgreSQL, any of which may die at any time."""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from engine.commands.resolve_incident import resolve_incident
from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM, Actor, Grant
from engine.queries.status import status
from engine.runtime import Runtime
from engine.store import migrations
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction
from engine.testing.databases import PostgresServer
from tests.e2e.clerks import PATIENCE, Clerks, every_case
from tests.e2e.next_version import NEXT, draw_next, next_doudi
from tests.e2e.served import Served, Worked, bureau_on, environment_of, prepare_bureau
from web.cli import main
from workflows.departments.server import Server
from workflows.departments.server import serve as serve_departments
from workflows.registers.givens import read_ledger

KILLS = int(os.environ.get("DOUDI_SOAK_KILLS", "10000"))
THIS = version("doudi")
ENGINE_VERSIONS = Path(migrations.__path__[0]) / "versions"
OPERATIONS = Actor(None, "operations", (Grant("operations", ""),))
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
        """Let no job wait before it is tried again, nor one whose tries, mostly for lost workers, are used up."""
        with self.bureau.write() as transaction:
            soon = t.job.update().where(t.job.c.status == "waiting", t.job.c.kind == "service")
            transaction.execute(soon.values(due_at=transaction.now))
        for incident in self._incidents():
            self.bureau.attempt(partial(self._try_anew, incident=incident))

    def _incidents(self) -> list[int]:
        with self.bureau.read() as transaction:
            opened = sa.select(t.incident.c.key).where(t.incident.c.resolved_at.is_(None))
            return list(transaction.execute(opened).scalars())

    def _try_anew(self, transaction: Transaction, incident: int) -> None:
        resolve_incident(self.bureau, transaction, OPERATIONS, incident=incident, reason="每次都遇上服务器中断")

    def open_payments(self) -> int:
        with self.bureau.read() as transaction:
            query = sa.select(sa.func.count()).where(t.case.c.status == "open", t.case.c.process == "payment")
            return int(transaction.execute(query).scalar_one())


@pytest.fixture
def site(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Plant]:
    """Yield a database and a bank; nobody works there yet, and whoever does in the end is killed."""
    address = postgres_server.fresh("bureau", prepare_bureau)
    with serve_departments(tmp_path / "departments.db") as bank:
        made = Plant(bureau_on(address), bank, [], [])
        yield made
        for node in made.nodes:
            node.kill()
    made.bureau.database.dispose()
    postgres_server.drop(address)


@pytest.fixture
def plant(site: Plant, tmp_path: Path) -> Plant:
    address, departments = site.bureau.settings.database_url, site.bank.url
    for number in (1, 2):
        folder = tmp_path / f"web-{number}"
        site.webs.append(Served(folder, address, options=("--no-worker",), departments=departments))
        site.workers.append(Worked(tmp_path / f"work-{number}", address, departments))
    for node in site.nodes:
        node.launch()
    for web in site.webs:
        web.wait_ready()
    return site


def test_nothing_is_lost_or_doubled_while_any_of_four_nodes_dies_twenty_times(plant):
    _kill_while_everybody_works(plant, kills=20)


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_however_often_nodes_die(plant):
    _kill_while_everybody_works(plant, kills=KILLS)


def test_an_old_and_a_new_version_work_side_by_side_until_every_node_is_replaced(site, tmp_path):
    """Two nodes that serve and work; the second is of the next version, which brings the database one step further."""
    old, new = site.webs = [
        Served(tmp_path / name, site.bureau.settings.database_url, departments=site.bank.url)
        for name in ("first", "second")
    ]
    old.start()
    with _everybody_works(site) as clerks:
        clerks.expect_success_at(old.address)
        _start_next(new, tmp_path, site)
        clerks.expect_success_at(old.address, new.address)
        assert _versions(site) == {THIS, NEXT}
        assert f"Several versions run side by side: {THIS}, {NEXT}." in _status_told(site)
        assert [node.says("/ready") for node in (old, new)] == [200, 200]
        old.stop()
        _start_next(old, tmp_path, site)
        clerks.expect_success_at(old.address, new.address)
    assert _versions(site) == {NEXT}


def _start_next(node: Served, folder: Path, plant: Plant) -> None:
    head = max(path.stem for path in ENGINE_VERSIONS.glob("engine_*.py"))
    node.command, node.extra = next_doudi, draw_next(folder, head)
    node.start()


def _versions(plant: Plant) -> set[str]:
    with plant.bureau.read() as transaction:
        return {node.version for node in status(plant.bureau, transaction).nodes if node.alive}


def _status_told(plant: Plant) -> str:
    """Return what ``doudi status`` of this version prints; it may read what the next one made."""
    given = environment_of(plant.webs[0].data, plant.bureau.settings.database_url, plant.webs[0].library)
    answer = CliRunner().invoke(main, ["status"], env=given | {"DOUDI_LANGUAGE": "en"})
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.output


def _kill_while_everybody_works(plant: Plant, kills: int) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    with _everybody_works(plant) as clerks:
        _kill_at_random(plant, clerks, kills, random.Random(seed))
    _expect_the_status_to_show_four_nodes(plant)


@contextmanager
def _everybody_works(plant: Plant) -> Iterator[Clerks]:
    """Let clerks work and people be paid during the block; afterwards nothing of it is lost or doubled."""
    with plant.bureau.read() as transaction:
        before = read_ledger(transaction)[f"reserve_fund/{ELSEWHERE}"]
    clerks = Clerks(plant.bureau, [web.address for web in plant.webs], CLERKS)
    over = threading.Event()
    payer = threading.Thread(target=_pay, args=(plant, over))
    clerks.start()
    payer.start()
    try:
        yield clerks
    finally:
        over.set()
        payer.join(timeout=PATIENCE)
        clerks.stop()
    _expect_everybody_paid_once(plant, before)
    clerks.expect_kept(plant.bureau)


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

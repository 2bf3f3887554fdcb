"""A month's payment run of a whole city: planted exceptions found, a bad bank over HTTP, kills, and all books equal."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.runtime import Runtime
from engine.store.keys import new_key
from engine.store.values import pack
from web.bench.paying import ATTEMPTS, MONTH, STEPS, ask, case_of, open_runtime
from workflows.connectors.http import Department
from workflows.connectors.payroll import payroll_statement
from workflows.departments import Server, serve
from workflows.departments.manners import Manner
from workflows.registers import regions
from workflows.registers.money import yuan
from workflows.registers.payroll.batches import BankFiles
from workflows.registers.payroll.freeze import Back, freeze
from workflows.registers.payroll.gates import Gate
from workflows.registers.payroll.totals import reconcile, sums
from workflows.registers.tables import decision, payroll_batch, payroll_line, resident, roster, roster_amount

_SINCE = date(2026, 9, 1)
_AMOUNT = 550_00
_AT_ONCE = 5_000
# Every so many-th recipient has something wrong, each kind in turn.
_EVERY = 200
# And so many-th has an account that the bank returns.
_RETURNED_EVERY = 1_000
_SLOW_SECONDS, _KILL_WITHIN = 0.3, 0.5
_ODD = (Manner.DROP, Manner.LOSE, Manner.DOUBLE, Manner.LATE, Manner.LIE, Manner.SLOW, Manner.FAIL)
_KINDS = (Gate.DEAD, Gate.ACCOUNT, Gate.AMOUNT, Gate.UNCONFIRMED, Gate.SUSPENDED, Gate.DOUBLE)


def measure(recipients: int, address: str | None = None, kills: int = 5) -> dict[str, Any]:
    """Return seconds and peak memory of a run for so many recipients, whether it found what was planted, and the books.

    The paying process is killed so many times; the bank loses, drops, doubles and delays meanwhile.
    """
    with TemporaryDirectory() as folder, city(Path(folder), address) as runtime:
        began = time.perf_counter()
        planted, returned = _enrol(runtime, recipients)
        runtime.database.analyse()
        loaded = time.perf_counter()
        for county in regions.counties():
            with runtime.write() as transaction:
                freeze(transaction, case_of(county.code), "dibao", MONTH, Back(MONTH, 0), ("tekun",))
        frozen = time.perf_counter()
        found = _found(runtime)
        with serve(Path(folder) / "departments.db", slow_seconds=_SLOW_SECONDS) as bank:
            killed = _pay(Path(folder), runtime, bank, kills)
            paid = time.perf_counter()
            books = _books(runtime, bank)
        return {
            "recipients": recipients,
            "database": runtime.database.engine.dialect.name,
            "planted": len(planted),
            "found_exactly": found == planted,
            "returned_and_paid_again": returned,
            "killed": killed,
            **books,
            "load_s": round(loaded - began, 1),
            "freeze_and_gates_s": round(frozen - loaded, 1),
            "pay_s": round(paid - frozen, 1),
            "reconcile_s": round(time.perf_counter() - paid, 1),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "paying_peak_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        }


@contextmanager
def city(folder: Path, address: str | None) -> Iterator[Runtime]:
    """Yield a runtime on an empty database with every table: a new SQLite file, or the database at the address."""
    runtime = open_runtime(folder, address or f"sqlite:///{folder / 'payments.db'}")
    runtime.database.migrate(runtime.migrations)
    try:
        yield runtime
    finally:
        runtime.database.dispose()


def _enrol(runtime: Runtime, recipients: int) -> tuple[Mapping[int, int], int]:
    """Enter the recipients in townships in turn; return the gates planted, by entry, and how many the bank returns."""
    places = [unit.code for unit in regions.townships()]
    planted: dict[int, int] = {}
    returned = 0
    for first in range(0, recipients, _AT_ONCE):
        tables: dict[str, list[dict[str, Any]]] = {"resident": [], "decision": [], "roster": [], "amount": []}
        for number in range(first, min(first + _AT_ONCE, recipients)):
            wrong = _KINDS[number // _EVERY % len(_KINDS)] if number % _EVERY == 0 else Gate(0)
            closed = number % _RETURNED_EVERY == 1
            returned += closed
            entry = _one(runtime, tables, places[number % len(places)], wrong, "0000" if closed else "9")
            if wrong:
                planted[entry] = int(wrong)
        with runtime.write() as transaction:
            for table, name in (
                (resident, "resident"),
                (decision, "decision"),
                (roster, "roster"),
                (roster_amount, "amount"),
            ):
                transaction.insert(table, tables[name])
    return planted, returned


def _one(runtime: Runtime, tables: dict[str, list[dict[str, Any]]], region: str, wrong: Gate, ends: str) -> int:
    now, holder, decided, entry = runtime.clock.now(), new_key(), new_key(), new_key()
    died = date(2026, 9, 2) if wrong is Gate.DEAD else None
    tables["resident"].append({"key": holder, "region": region, "id_no": None, "died_on": died, "entered_at": now})
    if wrong is not Gate.UNCONFIRMED:
        amount = _AMOUNT - 100 if wrong is Gate.AMOUNT else _AMOUNT
        tables["decision"].append({
            "key": decided, "region": region, "case": decided, "number": "DB", "purpose": "decision", "matter": "dibao",
            "outcome": "granted", "amount": amount, "level": "township", "decided_by": "陈一", "basis": "",
            "decided_at": now, "policy_date": _SINCE,
        })  # fmt: skip
    state = "suspended" if wrong is Gate.SUSPENDED else "active"
    _entry(runtime, tables, entry, "dibao", region, holder, decided, state, ends, checked=wrong is not Gate.ACCOUNT)
    if wrong is Gate.DOUBLE:
        _entry(runtime, tables, new_key(), "tekun", region, holder, decided, "active", ends, checked=True)
    return entry


def _entry(
    runtime: Runtime, tables: dict[str, list[dict[str, Any]]], entry: int, benefit: str, region: str, holder: int,
    decided: int, state: str, ends: str, *, checked: bool,
) -> None:  # fmt: skip
    now = runtime.clock.now()
    account = {"payee_name": "王小明", "bank_account": f"62284800{entry % 10**10:010d}{ends}", "bank": ""}
    tables["roster"].append({
        "key": entry, "benefit": benefit, "region": region, "holder": holder, "household": new_key() if benefit == "dibao" else None, "case": entry,
        "number": "DB", "decision": decided, "state": state, "class": "A", "since": _SINCE, "until": None,
        "next_review": None, "account": runtime.keyring.seal(pack(account), f"roster/{entry}".encode()),
        "account_checked_at": now if checked else None, "entered_at": now,
    })  # fmt: skip
    tables["amount"].append({
        "key": new_key(), "entry": entry, "amount": _AMOUNT, "decision": decided, "valid_from": _SINCE, "valid_to": None,
        "recorded_from": now, "recorded_to": None, "case": entry,
    })  # fmt: skip


def _found(runtime: Runtime) -> Mapping[int, int]:
    held = payroll_line.select().where(payroll_line.c.state == "held")
    with runtime.read() as transaction:
        return {row.entry: row.gates for row in transaction.execute(held)}


def _pay(folder: Path, runtime: Runtime, bank: Server, kills: int) -> int:
    """Pay in a process of its own that is killed so many times; return how often it was."""
    steps = len(regions.counties()) * STEPS
    command = [sys.executable, "-m", "web.bench.paying", str(folder), runtime.database.url, bank.url]
    chance = random.Random(steps)  # noqa: S311 - spreads kills, guards nothing
    for killed in range(kills + 1):
        bank.site.manners.order(_ODD[killed % len(_ODD)], 1)
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as paying:
            wait_for = steps // (kills + 1) if killed < kills else steps * len(ATTEMPTS)
            for _step in zip(range(wait_for), paying.stdout or (), strict=False):
                bank.site.manners.order(chance.choice(_ODD), chance.randint(0, 1))
            if killed < kills:
                time.sleep(chance.uniform(0, _KILL_WITHIN))
                paying.kill()
        if killed == kills and paying.returncode != 0:
            raise RuntimeError("Expected the last paying process to finish, but it failed; see above.")
    return kills


def _books(runtime: Runtime, bank: Server) -> dict[str, Any]:
    """Return whether decisions, files, ledger and the bank say the same, and whether the bank paid any line twice."""
    files, equal, fen, lines = BankFiles(runtime.keyring), True, 0, 0
    statement = payroll_statement(Department(bank.url, seconds=60))
    for county in regions.counties():
        with runtime.read() as transaction:
            run = payroll_batch.select().where(payroll_batch.c.county == county.code)
            sent = [str(row.key) for row in transaction.execute(run)]
            told = ask(statement, {"batches": sent})["bank_total"]
            found = reconcile(transaction, files, county.code, MONTH, int(told * 100))
            lines += sum(one.lines for one in sums(transaction, county.code, MONTH) if one.state == "paid")
        equal &= found.equal
        fen += found.ledger
    moved = [row["key"].partition("/")[2] for row in bank.site.ledger.transfers(limit=2 * lines + 1)]
    return {
        "books_equal": equal and yuan(fen) == bank.site.ledger.bank_total(),
        "paid_lines": lines,
        "bank_transfers": len(moved),
        "each_paid_once": len(set(moved)) == len(moved) == lines,
    }

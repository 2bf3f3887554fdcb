"""A month's payment run of a whole city: planted exceptions found, files written, the bank's answers settled, books equal."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.clock import FixedClock, SystemClock
from engine.runtime import Runtime
from engine.settings import Settings
from engine.store.keys import new_key
from engine.store.values import pack
from workflows.bootstrap import build_runtime
from workflows.registers import regions
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import batches
from workflows.registers.payroll.batches import Answer, BankFiles
from workflows.registers.payroll.freeze import Back, freeze
from workflows.registers.payroll.gates import Gate
from workflows.registers.payroll.totals import reconcile, sums
from workflows.registers.tables import decision, payroll_line, resident, roster, roster_amount

_MONTH, _SINCE = date(2026, 10, 1), date(2026, 9, 1)
_AMOUNT = 550_00
_AT_ONCE = 5_000
# Every so many-th recipient has something wrong, each kind in turn.
_EVERY = 200
_KINDS = (Gate.DEAD, Gate.ACCOUNT, Gate.AMOUNT, Gate.UNCONFIRMED, Gate.SUSPENDED, Gate.DOUBLE)


def measure(recipients: int, address: str | None = None) -> dict[str, Any]:
    """Return seconds and peak memory of a run for so many recipients, and whether it found what was planted."""
    with TemporaryDirectory() as folder, city(Path(folder), address) as runtime:
        began = time.perf_counter()
        planted = _enrol(runtime, recipients)
        loaded = time.perf_counter()
        for county in regions.counties():
            with runtime.write() as transaction:
                freeze(transaction, _case(county.code), "dibao", _MONTH, Back(_MONTH, 0), ("tekun",))
        frozen = time.perf_counter()
        found = _found(runtime)
        equal, paid = _pay(runtime)
        return {
            "recipients": recipients,
            "planted": len(planted),
            "found_exactly": found == planted,
            "books_equal": equal,
            "paid_lines": paid,
            "load_s": round(loaded - began, 1),
            "freeze_and_gates_s": round(frozen - loaded, 1),
            "files_settle_reconcile_s": round(time.perf_counter() - frozen, 1),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


@contextmanager
def city(folder: Path, address: str | None) -> Iterator[Runtime]:
    """Yield a runtime on an empty database with every table: a new SQLite file, or the database at the address."""
    url = address or f"sqlite:///{folder / 'payments.db'}"
    settings = Settings(database_url=url, master_key=bytes(range(32)), library=folder)
    runtime = build_runtime(settings, FixedClock(SystemClock().now()))
    runtime.database.migrate(runtime.migrations)
    try:
        yield runtime
    finally:
        runtime.database.dispose()


def _enrol(runtime: Runtime, recipients: int) -> Mapping[int, int]:
    """Enter the recipients in townships in turn; return the gates planted, by entry."""
    places = [unit.code for unit in regions.townships()]
    planted: dict[int, int] = {}
    for first in range(0, recipients, _AT_ONCE):
        tables: dict[str, list[dict[str, Any]]] = {"resident": [], "decision": [], "roster": [], "amount": []}
        for number in range(first, min(first + _AT_ONCE, recipients)):
            wrong = _KINDS[number // _EVERY % len(_KINDS)] if number % _EVERY == 0 else Gate(0)
            entry = _one(runtime, tables, places[number % len(places)], wrong)
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
    return planted


def _one(runtime: Runtime, tables: dict[str, list[dict[str, Any]]], region: str, wrong: Gate) -> int:
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
    _entry(runtime, tables, entry, "dibao", region, holder, decided, state, checked=wrong is not Gate.ACCOUNT)
    if wrong is Gate.DOUBLE:
        _entry(runtime, tables, new_key(), "tekun", region, holder, decided, "active", checked=True)
    return entry


def _entry(
    runtime: Runtime, tables: dict[str, list[dict[str, Any]]], entry: int, benefit: str, region: str, holder: int,
    decided: int, state: str, *, checked: bool,
) -> None:  # fmt: skip
    now = runtime.clock.now()
    account = {"payee_name": "王小明", "bank_account": f"62284800{entry % 10**10:010d}9", "bank": ""}
    tables["roster"].append({
        "key": entry, "benefit": benefit, "region": region, "holder": holder, "household": None, "case": entry,
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


def _pay(runtime: Runtime) -> tuple[bool, int]:
    """Send, settle and reconcile each county's file; return whether all books are equal, and how many lines were paid."""
    files, equal, paid = BankFiles(runtime.keyring), True, 0
    for county in regions.counties():
        case = _case(county.code)
        with runtime.write() as transaction:
            batch = files.prepare(transaction, case, _MONTH, 1)
        if batch is None:
            continue
        with runtime.write() as transaction:
            batches.release(transaction, case, batch.key)
            batches.accept(transaction, batch.key, "YH")
            batches.settle(transaction, case, batch.key, Answer(batch.lines, batch.total, {}))
        with runtime.read() as transaction:
            equal &= reconcile(transaction, files, county.code, _MONTH, batch.total).equal
            paid += sum(one.lines for one in sums(transaction, county.code, _MONTH) if one.state == "paid")
    return equal, paid


def _case(county: str) -> CaseRef:
    return CaseRef(int(county), f"FF{county}", county)

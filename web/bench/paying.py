"""A process of its own that pays a month's run of every county; killed anywhere and begun anew it goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.clock import FixedClock, SystemClock
from engine.errors import BpmnError
from engine.runtime import Connector, RemoteRequest, Runtime
from engine.settings import Settings
from workflows.bootstrap import build_runtime
from workflows.connectors.http import Department, DepartmentError
from workflows.connectors.payroll import payroll_results, payroll_send
from workflows.registers import regions
from workflows.registers.ledger import CaseRef
from workflows.registers.money import yuan
from workflows.registers.payroll import batches, returns
from workflows.registers.payroll.bank_file import line_of_number
from workflows.registers.payroll.batches import Answer, BankFiles, Batch
from workflows.registers.rosters import Accounts

MONTH = date(2026, 10, 1)
KEY = bytes(range(32))
# The first file, and one for what came back.
ATTEMPTS = (1, 2)
STEPS = 5
_AGAIN_SECONDS = 0.05


def case_of(county: str) -> CaseRef:
    """Return the county's case of the run."""
    return CaseRef(int(county), f"FF{county}", county)


def open_runtime(folder: Path, url: str) -> Runtime:
    """Return a runtime on the database with the measurement's key."""
    return build_runtime(Settings(database_url=url, master_key=KEY, library=folder), FixedClock(SystemClock().now()))


def pay_county(runtime: Runtime, bank: Department, county: str) -> None:
    """Send, settle and mend until nothing of the county is left; what was done before stays as it is."""
    for attempt in ATTEMPTS:
        batch = _prepare(runtime, county, attempt)
        if batch is None:
            return
        _send(runtime, bank, county, batch)
        _settle(runtime, bank, county, batch)
        _mend(runtime, county, batch)


def _prepare(runtime: Runtime, county: str, attempt: int) -> Batch | None:
    with runtime.write() as transaction:
        found = BankFiles(runtime.keyring).prepare(transaction, case_of(county), MONTH, attempt)
    _told("prepared", county)
    return found


def _send(runtime: Runtime, bank: Department, county: str, batch: Batch) -> None:
    if batch.state != "prepared":
        return
    with runtime.write() as transaction:
        batches.release(transaction, case_of(county), batch.key)
    _told("released", county)
    files = BankFiles(runtime.keyring)

    def part_of(key: int, number: int) -> str | None:
        with runtime.read() as transaction:
            return files.part(transaction, key, number)

    known = {"batch": str(batch.key), "batch_lines": batch.lines, "batch_total": yuan(batch.total)}
    answer = ask(payroll_send(bank, part_of), known | {"batch_digest": batch.digest})
    _told("sent", county)
    with runtime.write() as transaction:
        batches.accept(transaction, batch.key, str(answer["bank_reference"]))


def _settle(runtime: Runtime, bank: Department, county: str, batch: Batch) -> None:
    if batch.state == "settled":
        return
    found = ask(payroll_results(bank), {"batch": str(batch.key)})
    _told("answered", county)
    with runtime.write() as transaction:
        names = line_of_number(BankFiles(runtime.keyring).parts(transaction, batch.key))
        back = {names[one["number"]]: str(one["reason"]) for one in found["returned"]}
        answer = Answer(int(found["bank_lines"]), int(found["bank_paid"] * 100), back)
        if not batches.settle(transaction, case_of(county), batch.key, answer):
            raise RuntimeError(f"Expected the bank's answer to add up with batch {batch.key}, but it does not.")
    _told("settled", county)


def _mend(runtime: Runtime, county: str, batch: Batch) -> None:
    with runtime.write() as transaction:
        for one in returns.to_mend(transaction, county, MONTH, batch.key):
            told = {"payee_name": "王小明", "bank_account": f"62284800{one.entry % 10**10:010d}9", "bank": ""}
            Accounts(runtime.keyring).set(transaction, one.entry, told, checked=True)
            returns.mended(transaction, one.entry)


def ask(connector: Connector, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the answer after as many tries as it takes: jobs are tried again until somebody knows."""
    while True:
        try:
            answer = connector(RemoteRequest("job", "payroll", {}, known, {}))
        except (DepartmentError, BpmnError):
            answer = {"complete": False}
        if answer.get("complete") is not False:
            return answer
        time.sleep(_AGAIN_SECONDS)


def _told(step: str, county: str) -> None:
    """Let whoever measures know how far this is, so that kills fall everywhere."""
    sys.stdout.write(f"{step} {county}\n")
    sys.stdout.flush()


def main(folder: Path, url: str, bank: str) -> None:
    """Pay every county."""
    runtime = open_runtime(folder, url)
    for county in regions.counties():
        pay_county(runtime, Department(bank, seconds=60), county.code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

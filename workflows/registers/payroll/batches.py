"""Bank files of a run: prepared, accepted, rejected, recalled or settled, and what each does to its lines and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.errors import ModelError, Text
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.tables import Instant
from engine.store.transaction import Transaction
from workflows.registers.benefits import benefits, public_name
from workflows.registers.ledger import PAYROLL, Account, CaseRef, Movement, is_moved, move
from workflows.registers.payroll import months
from workflows.registers.payroll.bank_file import BankFile, Order
from workflows.registers.rosters import Accounts
from workflows.registers.tables import payroll_batch, payroll_file_part, payroll_line, roster

BUDGET, PAID_OUT = "county_budget", "benefit_paid"


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that goes to the bank; ``total`` is fen."""

    key: int
    county: str
    month: date
    attempt: int
    lines: int
    total: int
    digest: str
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of a file: what it paid, and line by line what it could not; ``total`` is fen."""

    lines: int
    total: int
    returned: Mapping[str, str]


class BankFiles:
    """Writes and reads the files with the keys that seal accounts and parts."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._accounts = Accounts(keyring)

    def prepare(self, transaction: Transaction, case: CaseRef, month: date, attempt: int) -> Batch | None:
        """Return the file of every line that is ready, None when none is; repeated for the attempt, the same file."""
        known = _of_attempt(transaction, case, month, attempt)
        if known is not None:
            return known
        key = new_key()
        names = {"of_county": case.region, "in_month": month, "batch_": key, "attempt_": attempt}
        if not transaction.execute(_SEND, names).rowcount:
            return None
        file = BankFile(key, case.region, month)
        for number, text in enumerate(file.parts(self._orders(transaction, key)), 1):
            content = self._keyring.seal(text.encode(), _place(key, number))
            transaction.insert(payroll_file_part, [{"batch": key, "part": number, "content": content}])
        row = {"key": key, "county": case.region, "month": month, "case": case.key, "number": case.number}
        row |= {"attempt": attempt, "lines": file.lines, "total": file.total, "returned": 0, "digest": file.digest}
        row |= {"state": "prepared", "reference": None, "prepared_at": transaction.now, "settled_at": None}
        transaction.insert(payroll_batch, [row])
        return find(transaction, key)

    def parts(self, transaction: Transaction, batch: int) -> Iterator[str]:
        """Yield the file's parts as they were written."""
        for row in transaction.execute(_PARTS, {"of_batch": batch}):
            yield self._keyring.open(row.content, _place(batch, row.part)).decode()

    def part(self, transaction: Transaction, batch: int, number: int) -> str | None:
        """Return one part of the file, None beyond the last."""
        row = transaction.execute(_PART, {"of_batch": batch, "of_part": number}).first()
        return None if row is None else self._keyring.open(row.content, _place(batch, number)).decode()

    def _orders(self, transaction: Transaction, batch: int) -> Iterator[Order]:
        names = {id: public_name(id).zh for id in benefits()}
        for row in transaction.execute(_ORDERS, {"of_batch": batch}):
            account = self._accounts.open(row.entry, row.account)
            yield Order(
                line=line_id(row.entry, row.for_month),
                account=str(account["bank_account"]),
                payee=str(account["payee_name"]),
                amount=row.amount,
                purpose=f"{names[row.benefit]}{months.written(row.for_month)}",
            )


def line_id(entry: int, for_month: date) -> str:
    """Return how a line is named in a file and in the bank's answers."""
    return f"{entry}-{for_month:%Y%m}"


def find(transaction: Transaction, key: int) -> Batch:
    """Return the batch, locked. Raises ModelError when there is none."""
    row = transaction.execute(_BATCH, {"of_batch": key}).first()
    if row is None:
        raise ModelError(
            Text(
                f"发放批次应已生成,但没有找到批次 {key},请检查流程传入的批次编号。",
                f"Expected batch {key} in the register, but there is none, so check the number passed in.",
            )
        )
    return _batch(row)


def release(transaction: Transaction, case: CaseRef, key: int) -> int:
    """Return the fen that finance gave for the batch; repeated, nothing more leaves the county's budget."""
    batch = find(transaction, key)
    budget, payroll = Account(case.region, BUDGET), Account(case.region, PAYROLL)
    _move(transaction, case, batch, "release", "payroll_release", budget, payroll, batch.total)
    return batch.total


def accept(transaction: Transaction, key: int, reference: str) -> None:
    """Note that the bank took the file."""
    _turn(transaction, find(transaction, key), ("prepared",), "accepted", reference)


def take_back(transaction: Transaction, case: CaseRef, key: int, state: str) -> None:
    """Undo a batch that was ``rejected`` or ``recalled``: its lines are ready again, its money is the county's."""
    batch = find(transaction, key)
    if not _turn(transaction, batch, ("prepared", "accepted"), state):
        return
    transaction.execute(_READY_AGAIN, {"of_batch": key})
    _give_back(transaction, case, batch, batch.total)


def settle(transaction: Transaction, case: CaseRef, key: int, answer: Answer) -> bool:
    """Return whether the bank's answer adds up with the file; if so each line is paid or returned, else nothing is.

    What came back is the county's money again. Repeated, nothing changes.
    """
    batch = find(transaction, key)
    if batch.state == "settled":
        return True
    _note_returns(transaction, key, answer.returned)
    paid = transaction.execute(_PAID_OF, {"of_batch": key}).one()
    if (paid.lines, int(paid.total or 0)) != (answer.lines, answer.total):
        transaction.execute(_UNDO_RETURNS, {"of_batch": key})
        return False
    _turn(transaction, batch, ("accepted",), "settled")
    transaction.execute(_SETTLE_LINES, {"of_batch": key})
    transaction.execute(_NOTE_BACK, {"of_batch": key, "back_": batch.total - answer.total})
    if answer.total:
        ends = Account(case.region, PAYROLL), Account(case.region, PAID_OUT)
        _move(transaction, case, batch, "paid", "payroll_paid", *ends, answer.total)
    _give_back(transaction, case, batch, batch.total - answer.total)
    return True


def _note_returns(transaction: Transaction, key: int, returned: Mapping[str, str]) -> None:
    rows = []
    for line, reason in returned.items():
        entry, _, month = line.partition("-")
        for_month = months.month_of(f"{month[:4]}-{month[4:]}")
        rows.append({"of_batch": key, "of_entry": int(entry), "of_month": for_month, "reason_": reason})
    if rows:
        transaction.execute(_RETURN, rows)


def _give_back(transaction: Transaction, case: CaseRef, batch: Batch, amount: int) -> None:
    """Money that finance had released and that did not leave goes back to the county's budget."""
    if amount and is_moved(transaction, case, f"batch-{batch.attempt}:release"):
        ends = Account(case.region, PAYROLL), Account(case.region, BUDGET)
        _move(transaction, case, batch, "back", "payroll_returned", *ends, amount)


def _move(
    transaction: Transaction, case: CaseRef, batch: Batch, step: str, kind: str, source: Account, target: Account,
    amount: int,
) -> None:  # fmt: skip
    move(transaction, Movement(case, f"batch-{batch.attempt}:{step}", kind, source, target, amount))


def _turn(
    transaction: Transaction, batch: Batch, before: Sequence[str], after: str, reference: str | None = None
) -> bool:
    """Return whether the batch took the state now. Raises ModelError when it is further on in another way."""
    if batch.state == after:
        return False
    if batch.state not in before:
        raise ModelError(
            Text(
                f"发放批次 {batch.key} 当前状态为 {batch.state},不能改为 {after},请检查流程的先后顺序。",
                f"Expected batch {batch.key} to become {after}, but it is {batch.state}; check the order of the steps.",
            )
        )
    names = {"of_batch": batch.key, "state_": after, "reference_": reference, "at_": transaction.now}
    transaction.execute(_TURN if reference is None else _TURN_AND_NAME, names)
    return True


def _of_attempt(transaction: Transaction, case: CaseRef, month: date, attempt: int) -> Batch | None:
    names = {"of_county": case.region, "in_month": month, "of_case": case.key, "attempt_": attempt}
    row = transaction.execute(_ATTEMPT, names).first()
    return None if row is None else _batch(row)


def _batch(row: sa.Row[Any]) -> Batch:
    return Batch(row.key, row.county, row.month, row.attempt, row.lines, row.total, row.digest, row.state)


def _place(batch: int, part: int) -> bytes:
    return f"payroll_file_part/{batch}/{part}".encode()


_b, _l, _p = payroll_batch.c, payroll_line.c, payroll_file_part.c
_of_batch = _l.batch == sa.bindparam("of_batch")
_BATCH = sa.select(payroll_batch).where(_b.key == sa.bindparam("of_batch")).with_for_update()
_ATTEMPT = sa.select(payroll_batch).where(
    _b.county == sa.bindparam("of_county"), _b.month == sa.bindparam("in_month", type_=sa.Date),
    _b.case == sa.bindparam("of_case"), _b.attempt == sa.bindparam("attempt_"),
)  # fmt: skip
_TURNED = payroll_batch.update().where(_b.key == sa.bindparam("of_batch"))
_TURN = _TURNED.values(state=sa.bindparam("state_"), settled_at=sa.bindparam("at_", type_=Instant))
_TURN_AND_NAME = _TURNED.values(state=sa.bindparam("state_"), reference=sa.bindparam("reference_"))
_SEND = (
    payroll_line.update()
    .where(
        _l.county == sa.bindparam("of_county"),
        _l.month == sa.bindparam("in_month", type_=sa.Date),
        _l.state == "ready",
    )
    .values(state="sent", batch=sa.bindparam("batch_"), attempt=sa.bindparam("attempt_"), bank_reason=None)
)
_ORDERS = (
    sa.select(_l.entry, _l.for_month, _l.amount, _l.benefit, roster.c.account)
    .join(roster, roster.c.key == _l.entry)
    .where(_of_batch)
    .order_by(_l.benefit, _l.entry, _l.for_month)
)
_PARTS = sa.select(_p.part, _p.content).where(_p.batch == sa.bindparam("of_batch")).order_by(_p.part)
_PART = sa.select(_p.content).where(_p.batch == sa.bindparam("of_batch"), _p.part == sa.bindparam("of_part"))
_READY_AGAIN = payroll_line.update().where(_of_batch, _l.state == "sent").values(state="ready", batch=None)
_RETURN = (
    payroll_line.update()
    .where(
        _of_batch, _l.entry == sa.bindparam("of_entry"), _l.for_month == sa.bindparam("of_month", type_=sa.Date),
        _l.state == "sent",
    )
    .values(state="returned", bank_reason=sa.bindparam("reason_"))
)  # fmt: skip
_UNDO_RETURNS = payroll_line.update().where(_of_batch, _l.state == "returned").values(state="sent", bank_reason=None)
_PAID_OF = sa.select(sa.func.count().label("lines"), sa.func.sum(_l.amount).label("total")).where(
    _of_batch, _l.state == "sent"
)
_NOTE_BACK = _TURNED.values(returned=sa.bindparam("back_"))
_SETTLE_LINES = payroll_line.update().where(_of_batch, _l.state == "sent").values(state="paid")

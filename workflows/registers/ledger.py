"""The ledger: accounts in fen and append-only transfers between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.errors import ModelError, Text
from engine.store.keys import new_key
from engine.store.transaction import Transaction
from engine.store.upsert import Upsert
from workflows.registers.money import written, yuan
from workflows.registers.tables import CLEARING, FUND, ledger_account, ledger_transfer
from workflows.registers.upsert import ignoring

# What finance released for a month's run and the bank has not paid yet.
PAYROLL = "payroll"
_GUARDED = frozenset({FUND, CLEARING, PAYROLL})


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account of the ledger, written ``kind/region``."""

    region: str
    kind: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.region}"


@dataclass(frozen=True, slots=True)
class CaseRef:
    """The case on whose account something is written."""

    key: int
    number: str
    region: str


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that is to go from one account to another; ``purpose`` is unique within the case."""

    case: CaseRef
    purpose: str
    kind: str
    source: Account
    target: Account
    amount: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a movement did: whether it was written now, and the source's balance in fen after it."""

    now: bool
    left: int


class Overdrawn(ModelError):
    """An account holds less than should leave it; nothing was written."""

    def __init__(self, account: Account, balance: int, amount: int) -> None:
        super().__init__(
            Text(
                f"账户 {account} 余额应不少于 {written(amount)},但只有 {written(balance)},"
                "请先拨款或改由上级备用金支付。",
                f"Expected at least {yuan(amount)} yuan in {account}, but it holds {yuan(balance)}, "
                "so allocate money first or pay from the county's reserve.",
            )
        )
        self.balance = balance


def account(text: str) -> Account:
    """Return the account written as ``kind/region``."""
    kind, _, region = text.partition("/")
    return Account(region, kind)


def move(transaction: Transaction, movement: Movement) -> Moved:
    """Return what the movement did; one that stands in the ledger already is not made again.

    Raises Overdrawn when the source is a fund or a clearing account and holds less.
    """
    held = _locked(transaction, {movement.source, movement.target})
    held_now = held[movement.source]
    if _made(transaction, movement):
        return Moved(False, held_now)
    if movement.source.kind in _GUARDED and held_now < movement.amount:
        raise Overdrawn(movement.source, held_now, movement.amount)
    _append(transaction, movement)
    _change(transaction, {movement.source: -movement.amount, movement.target: movement.amount})
    return Moved(True, held_now - movement.amount)


def is_moved(transaction: Transaction, case: CaseRef, purpose: str) -> bool:
    """Return whether a movement of the case stands in the ledger under the purpose."""
    names = {"region": case.region, "of_case": case.key, "of_purpose": purpose}
    return transaction.execute(_MADE, names).first() is not None


def balance(transaction: Transaction, of: Account) -> int:
    """Return the account's balance in fen; an account never used holds 0."""
    found = transaction.execute(_BALANCE, {"region": of.region, "kind": of.kind}).scalar()
    return int(found or 0)


def balances(transaction: Transaction) -> Mapping[str, Decimal]:
    """Return every account's balance in yuan, by ``kind/region``."""
    rows = transaction.execute(sa.select(ledger_account.c.region, ledger_account.c.kind, ledger_account.c.balance))
    return {str(Account(row.region, row.kind)): yuan(row.balance) for row in rows}


def recomputed(transaction: Transaction) -> Mapping[str, Decimal]:
    """Return every account's balance in yuan as its transfers add up; ``balances`` must say the same."""
    transfer = ledger_transfer.c
    left = sa.select(transfer.source_region, transfer.source_kind, (-transfer.amount).label("amount"))
    entered = sa.select(transfer.target_region, transfer.target_kind, transfer.amount)
    sides = sa.union_all(left, entered).subquery().c
    total = sa.func.sum(sides.amount).label("total")
    rows = transaction.execute(
        sa.select(sides.source_region, sides.source_kind, total).group_by(sides.source_region, sides.source_kind)
    )
    return {str(Account(row.source_region, row.source_kind)): yuan(int(row.total)) for row in rows}


def open_accounts(transaction: Transaction, accounts: Iterable[Account]) -> None:
    """Make sure that the accounts exist; a new one holds 0."""
    rows = [{"region": one.region, "kind": one.kind, "balance": 0} for one in accounts]
    if rows:
        _OPEN.run(transaction, rows)


_OPEN = ignoring(ledger_account)
_BALANCE = sa.select(ledger_account.c.balance).where(
    ledger_account.c.region == sa.bindparam("region"), ledger_account.c.kind == sa.bindparam("kind")
)


def _locking() -> Upsert:
    rows = [{"region": sa.bindparam(f"r{n}"), "kind": sa.bindparam(f"k{n}"), "balance": 0} for n in (1, 2)]
    key = list(ledger_account.primary_key.columns)
    unchanged = {"balance": ledger_account.c.balance}
    returned = (ledger_account.c.region, ledger_account.c.kind, ledger_account.c.balance)
    postgresql = postgresql_insert(ledger_account).values(rows)
    sqlite = sqlite_insert(ledger_account).values(rows)
    return Upsert(
        postgresql.on_conflict_do_update(index_elements=key, set_=unchanged).returning(*returned),
        sqlite.on_conflict_do_update(index_elements=key, set_=unchanged).returning(*returned),
    )


# Opens or locks both accounts in one statement and one order: opposite movements wait for each other instead of
# deadlocking, also when they are the first to use an account.
_LOCK = _locking()
_MADE = sa.select(
    ledger_transfer.c.amount,
    ledger_transfer.c.source_region,
    ledger_transfer.c.source_kind,
    ledger_transfer.c.target_region,
    ledger_transfer.c.target_kind,
).where(
    ledger_transfer.c.region == sa.bindparam("region"),
    ledger_transfer.c.case == sa.bindparam("of_case"),
    ledger_transfer.c.purpose == sa.bindparam("of_purpose"),
)
_CHANGE = (
    ledger_account.update()
    .where(ledger_account.c.region == sa.bindparam("of_region"), ledger_account.c.kind == sa.bindparam("of_kind"))
    .values(balance=ledger_account.c.balance + sa.bindparam("difference"))
)


def _locked(transaction: Transaction, accounts: Iterable[Account]) -> Mapping[Account, int]:
    first, second = sorted(accounts)
    names = {"r1": first.region, "k1": first.kind, "r2": second.region, "k2": second.kind}
    return {Account(row.region, row.kind): row.balance for row in _LOCK.run(transaction, names)}


def _made(transaction: Transaction, movement: Movement) -> bool:
    """Return whether the movement stands in the ledger. Raises ModelError when another stands under its purpose."""
    names = {"region": movement.case.region, "of_case": movement.case.key, "of_purpose": movement.purpose}
    found = transaction.execute(_MADE, names).first()
    if found is None:
        return False
    source, target = movement.source, movement.target
    if tuple(found) != (movement.amount, source.region, source.kind, target.region, target.kind):
        raise ModelError(
            Text(
                f"案件 {movement.case.number} 的用途「{movement.purpose}」已按 {written(found.amount)}记账,"
                f"现在又要按 {written(movement.amount)}记账,请为新的款项使用新的用途名称。",
                f"Expected one booking for {movement.purpose} in case {movement.case.number}, but it stands there with "
                f"{yuan(found.amount)} yuan and {yuan(movement.amount)} is asked now, so name a new purpose.",
            )
        )
    return True


def _append(transaction: Transaction, movement: Movement) -> None:
    row = {
        "key": new_key(),
        "region": movement.case.region,
        "case": movement.case.key,
        "number": movement.case.number,
        "purpose": movement.purpose,
        "kind": movement.kind,
        "source_region": movement.source.region,
        "source_kind": movement.source.kind,
        "target_region": movement.target.region,
        "target_kind": movement.target.kind,
        "amount": movement.amount,
        "at": transaction.now,
    }
    transaction.insert(ledger_transfer, [row])


def _change(transaction: Transaction, differences: Mapping[Account, int]) -> None:
    rows = [
        {"of_region": account.region, "of_kind": account.kind, "difference": differences[account]}
        for account in sorted(differences)
    ]
    transaction.execute(_CHANGE, rows)

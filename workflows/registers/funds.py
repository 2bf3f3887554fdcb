"""Reserve funds: money allocated by the county, when to ask for more, and the monthly statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from engine.clock import add_months, start_of_day
from engine.errors import ModelError, Text
from engine.store.keys import new_key
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.ledger import Account, CaseRef, Movement, balance, move, open_accounts
from workflows.registers.tables import FUND, fund, fund_statement, ledger_account, ledger_transfer
from workflows.registers.upsert import ignoring

_COUNTY = 6
TOWNSHIP_DIGITS = 9
COUNTY_BUDGET = "county_budget"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement; what left the fund is negative."""

    at: datetime
    number: str
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A fund's month in fen: closing = opening + allocated - paid out + returned."""

    opening: int
    allocated: int
    paid_out: int
    returned: int
    closing: int
    entries: Sequence[Entry]


def fund_of(region: str, level: str) -> Account:
    """Return the reserve fund of the region's township or county. Raises ModelError for another level."""
    if level == "county":
        return Account(region[:_COUNTY], FUND)
    if level == "township" and len(region) >= TOWNSHIP_DIGITS:
        return Account(region[:TOWNSHIP_DIGITS], FUND)
    raise ModelError(
        Text(
            f"备用金应为 township(乡镇)或 county(县级),但收到的是「{level}」(地区 {region}),请检查流程。",
            f"Expected the fund of a township or a county, but it is {level!r} for region {region}, "
            "so check the diagram.",
        )
    )


def allocate(transaction: Transaction, case: CaseRef, to: Account, amount: int, purpose: str = "allocation") -> int:
    """Return the fund's balance in fen after county money entered it; repeated for the case, it has no effect."""
    source = Account(to.region[:_COUNTY], COUNTY_BUDGET)
    if move(transaction, Movement(case, purpose, "allocation", source, to, amount)).now:
        row = {"region": to.region, "last_allocation": amount, "allocated_at": transaction.now, "refill_asked_at": None}
        _ALLOCATED.run(transaction, [row])
    return balance(transaction, to)


def open_funds(transaction: Transaction, amounts: Mapping[str, int], number: str) -> None:
    """Give many funds that hold nothing yet their first allocation in fen, by region, in four statements."""
    funds = {region: amount for region, amount in amounts.items() if amount > 0}
    if not funds:
        return
    totals: dict[Account, int] = {Account(region, FUND): amount for region, amount in funds.items()}
    for region, amount in funds.items():
        budget = Account(region[:_COUNTY], COUNTY_BUDGET)
        totals[budget] = totals.get(budget, 0) - amount
    open_accounts(transaction, sorted(totals))
    transaction.insert(ledger_transfer, [_opening(transaction, number, *item) for item in funds.items()])
    changes = [{"of_region": one.region, "of_kind": one.kind, "more": more} for one, more in sorted(totals.items())]
    transaction.execute(_ADD, changes)
    given = {"allocated_at": transaction.now, "refill_asked_at": None}
    rows = [{"region": region, "last_allocation": amount, **given} for region, amount in sorted(funds.items())]
    _ALLOCATED.run(transaction, rows)


def ask_refill(transaction: Transaction, of: Account, left: int, ratio: Decimal) -> bool:
    """Return whether a refill is to be asked now: below the share of the last allocation, once per allocation."""
    row = transaction.execute(_LAST, {"of_region": of.region}).first()
    if row is None or row.refill_asked_at is not None or left >= ratio * row.last_allocation:
        return False
    return transaction.execute(_ASK, {"of_region": of.region, "asked_at": transaction.now}).rowcount == 1


def last_allocation(transaction: Transaction, region: str) -> int | None:
    """Return the fen last allocated to the region's fund, None before the first time."""
    row = transaction.execute(_LAST, {"of_region": region}).first()
    return None if row is None else row.last_allocation


def statement(transaction: Transaction, of: Account, month: str) -> Statement:
    """Return the fund's statement of a month written ``2026-09``. Raises ModelError for another spelling."""
    first, following = _month(month)
    rows = transaction.execute(_movements(of, until=following)).all()
    entries = [Entry(row.at, row.number, row.kind, _signed(row, of)) for row in rows]
    opening = sum(entry.amount for entry in entries if entry.at < first)
    inside = [entry for entry in entries if entry.at >= first]
    allocated, paid_out = _sum(inside, ("allocation",)), -_sum(inside, ("booking",))
    returned = _sum(inside, ("reversal", "recovery"))
    return Statement(opening, allocated, paid_out, returned, opening + sum(one.amount for one in inside), inside)


def file_statement(
    transaction: Transaction, case: CaseRef, of: Account, month: str, signers: Sequence[str]
) -> Statement:
    """Return the month's statement, kept under its signers; a month once filed stays as it is."""
    filed = statement(transaction, of, month)
    row = {
        "region": of.region,
        "month": month,
        "case": case.key,
        "opening": filed.opening,
        "allocated": filed.allocated,
        "paid_out": filed.paid_out,
        "returned": filed.returned,
        "closing": filed.closing,
        "signers": "、".join(signers),
        "filed_at": transaction.now,
    }
    _FILE.run(transaction, [row])
    return filed


_ALLOCATED = replacing(fund, "last_allocation", "allocated_at", "refill_asked_at")
_FILE = ignoring(fund_statement)
_ADD = (
    ledger_account.update()
    .where(ledger_account.c.region == sa.bindparam("of_region"), ledger_account.c.kind == sa.bindparam("of_kind"))
    .values(balance=ledger_account.c.balance + sa.bindparam("more"))
)
_LAST = sa.select(fund.c.last_allocation, fund.c.refill_asked_at).where(fund.c.region == sa.bindparam("of_region"))
_ASK = (
    fund.update()
    .where(fund.c.region == sa.bindparam("of_region"), fund.c.refill_asked_at.is_(None))
    .values(refill_asked_at=sa.bindparam("asked_at"))
)


def _opening(transaction: Transaction, number: str, region: str, amount: int) -> dict[str, object]:
    return {
        "key": new_key(),
        "region": region,
        "case": 0,
        "number": number,
        "purpose": f"opening/{number}",
        "kind": "allocation",
        "source_region": region[:_COUNTY],
        "source_kind": COUNTY_BUDGET,
        "target_region": region,
        "target_kind": FUND,
        "amount": amount,
        "at": transaction.now,
    }


def _month(month: str) -> tuple[datetime, datetime]:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise ModelError(
            Text(
                f"对账月份应写作 2026-09 这样的形式,但收到的是「{month}」,请检查流程。",
                f"Expected a month written like 2026-09, but it is {month!r}, so check the flow.",
            )
        ) from None
    return start_of_day(first), start_of_day(add_months(first, 1))


def _movements(of: Account, until: datetime) -> sa.Select[tuple[object, ...]]:
    entry = ledger_transfer.c
    leaves = sa.and_(entry.source_region == of.region, entry.source_kind == of.kind)
    enters = sa.and_(entry.target_region == of.region, entry.target_kind == of.kind)
    columns = (entry.at, entry.number, entry.kind, entry.amount, entry.target_region, entry.target_kind)
    return sa.select(*columns).where(sa.or_(leaves, enters), entry.at < until).order_by(entry.at, entry.key)


def _signed(row: sa.Row[tuple[object, ...]], of: Account) -> int:
    amount: int = row.amount
    return amount if (row.target_region, row.target_kind) == (of.region, of.kind) else -amount


def _sum(entries: Iterable[Entry], kinds: tuple[str, ...]) -> int:
    return sum(entry.amount for entry in entries if entry.kind in kinds)

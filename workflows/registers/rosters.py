"""The roster of each benefit: who receives it since when, with which amounts, set by which decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.access import Scope
from engine.clock import add_months
from engine.errors import ModelError, Text
from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.scope import in_scope, within
from engine.store.sealing import Keyring
from engine.store.tables import Key
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers.benefits import benefit
from workflows.registers.bitemporal import Timeline, holding
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import LIVE_STATES, resident, roster, roster_amount, roster_event

AMOUNTS = Timeline(roster_amount, roster, "entry", ("entry",))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new entry: the holder's key, the household of a household's benefit, the first day, the amount in fen."""

    benefit: str
    holder: int
    household: int | None
    since: date
    amount: int
    decision: int
    class_: str | None = None
    next_review: date | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Why an entry changes, from which day on, and by which decision."""

    effective: date
    reason: str
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Payable:
    """What an entry is to be paid for a month, in fen; ``account`` is sealed, ``died_on`` a reason to look first."""

    entry: int
    region: str
    holder: int
    state: str
    amount: int
    decision: int
    died_on: date | None
    account: bytes | None
    account_checked: bool


class Accounts:
    """The accounts that entries are paid to, as seen with the keys that seal them."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def set(self, transaction: Transaction, entry: int, account: Mapping[str, Any], checked: bool) -> None:
        """Write where the entry is paid to (payee_name, bank_account, bank), and whether the bank confirmed it."""
        sealed = self._keyring.seal(pack(dict(account)), _place(entry))
        values = {"account": sealed, "account_checked_at": transaction.now if checked else None}
        transaction.execute(roster.update().where(roster.c.key == entry).values(values))

    def open(self, entry: int, account: bytes) -> Mapping[str, Any]:
        """Return the account in clear."""
        found: Mapping[str, Any] = unpack(self._keyring.open(account, _place(entry)))
        return found


def enrol(transaction: Transaction, case: CaseRef, new: Enrolment) -> int:
    """Return the key of the live entry, made now where the case made none yet.

    Raises ModelError when the holder draws the benefit already by another case.
    """
    known = live(transaction, new.benefit, new.holder)
    if known is not None and known.case != case.key:
        raise ModelError(
            Text(
                f"该对象已享受「{benefit(new.benefit).name.zh}」(案件 {known.number}),不能重复入册,请先核对。",
                f"Expected nobody on the roster, but case {known.number} enrolled this person in {new.benefit}; check.",
            )
        )
    if known is not None:
        return int(known.key)
    key = new_key()
    row = {"key": key, "benefit": benefit(new.benefit).id, "region": case.region, "holder": new.holder}
    row |= {"household": new.household, "case": case.key, "number": case.number, "decision": new.decision}
    row |= {"state": "active", "class": new.class_, "since": new.since, "until": None, "next_review": new.next_review}
    transaction.insert(roster, [row | {"account": None, "account_checked_at": None, "entered_at": transaction.now}])
    set_amount(transaction, case, key, new.amount, new.since, new.decision, tier=new.tier)
    note(transaction, case, key, "enrolled", Change(new.since, "", new.decision))
    return key


def set_amount(
    transaction: Transaction,
    case: CaseRef,
    entry: int,
    amount: int,
    since: date,
    decision: int,
    until: date | None = None,
    tier: str | None = None,
) -> bool:
    """Return whether the entry's amount in fen (and the tier it follows) from the day on is other than before."""
    values = {"amount": amount, "tier": tier, "decision": decision, "case": case.key}
    return AMOUNTS.state(transaction, {"entry": entry}, values, since, until)


def change_amount(
    transaction: Transaction,
    case: CaseRef,
    entry: int,
    amount: int,
    change: Change,
    class_: str | None = None,
    tier: str | None = None,
) -> bool:
    """Return whether the entry is paid another amount from the change's day on, and note why."""
    if not set_amount(transaction, case, entry, amount, change.effective, change.decision or 0, tier=tier):
        return False
    if class_:
        transaction.execute(roster.update().where(roster.c.key == entry).values({"class": class_}))
    note(transaction, case, entry, "amount_changed", change)
    return True


def stop(transaction: Transaction, case: CaseRef, entry: int, change: Change) -> bool:
    """Return whether the entry ends with the day before ``effective``; it is not paid from that day on."""
    stopped = roster.update().where(roster.c.key == entry, roster.c.state != "stopped")
    if not transaction.execute(stopped.values(state="stopped", until=change.effective, next_review=None)).rowcount:
        return False
    AMOUNTS.end(transaction, {"entry": entry}, change.effective)
    note(transaction, case, entry, "stopped", change)
    return True


def suspend(transaction: Transaction, case: CaseRef, entry: int, change: Change) -> bool:
    """Return whether an active entry is not paid until it is resumed; its amounts stay."""
    return _turn(transaction, case, entry, ("active", "suspended"), "suspended", change)


def resume(transaction: Transaction, case: CaseRef, entry: int, change: Change) -> bool:
    """Return whether a suspended entry is paid again."""
    return _turn(transaction, case, entry, ("suspended", "active"), "resumed", change)


def last_stopped(transaction: Transaction, benefit_id: str, holder: int) -> sa.Row[Any] | None:
    """Return the holder's row of the benefit that was stopped last, None while another is live or none was stopped."""
    if live(transaction, benefit_id, holder) is not None:
        return None
    statement = sa.select(roster).where(
        roster.c.benefit == benefit_id, roster.c.holder == holder, roster.c.state == "stopped"
    )
    return transaction.execute(statement.order_by(roster.c.until.desc(), roster.c.key.desc()).limit(1)).first()


def reopen(transaction: Transaction, case: CaseRef, entry: int, amount: int, change: Change) -> bool:
    """Return whether a stopped entry goes on with the amount in fen as if it had not been stopped on ``effective``."""
    stopped = roster.update().where(roster.c.key == entry, roster.c.state == "stopped")
    if not transaction.execute(stopped.values(state="active", until=None)).rowcount:
        return False
    set_amount(transaction, case, entry, amount, change.effective, change.decision or 0)
    note(transaction, case, entry, "resumed", change)
    return True


def move(transaction: Transaction, case: CaseRef, entry: int, region: str, change: Change) -> bool:
    """Return whether the entry belongs to another region from now on."""
    moved = roster.update().where(roster.c.key == entry, roster.c.region != region)
    if not transaction.execute(moved.values(region=region)).rowcount:
        return False
    note(transaction, case, entry, "moved", change)
    return True


def reviewed(transaction: Transaction, case: CaseRef, entry: int, next_review: date, change: Change) -> None:
    """Write that the entry was reviewed and when it is due again."""
    transaction.execute(roster.update().where(roster.c.key == entry).values(next_review=next_review))
    note(transaction, case, entry, "reviewed", change)


def enrolling_case(cases: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a case enrolled the entry and is one of those the person may open."""
    return sa.and_(t.case.c.key == roster.c.case, in_scope(t.case.c, cases))


def live(transaction: Transaction, benefit_id: str, holder: int) -> sa.Row[Any] | None:
    """Return the holder's row of the benefit that is not stopped, None without one."""
    statement = sa.select(roster).where(
        roster.c.benefit == benefit_id, roster.c.holder == holder, roster.c.state.in_(LIVE_STATES)
    )
    return transaction.execute(statement).first()


def live_of_household(transaction: Transaction, benefit_id: str, household: int) -> sa.Row[Any] | None:
    """Return the household's row of the benefit that is not stopped, None without one."""
    statement = sa.select(roster).where(
        roster.c.benefit == benefit_id, roster.c.household == household, roster.c.state.in_(LIVE_STATES)
    )
    return transaction.execute(statement.order_by(roster.c.key).limit(1)).first()


def live_of_holder(transaction: Transaction, holder: int) -> Sequence[sa.Row[Any]]:
    """Return every row of the holder that is not stopped, in the order they were made."""
    statement = sa.select(roster).where(roster.c.holder == holder, roster.c.state.in_(LIVE_STATES))
    return transaction.execute(statement.order_by(roster.c.key)).all()


def stopped_by(transaction: Transaction, case: int, holder: int) -> Sequence[sa.Row[Any]]:
    """Return the holder's rows that the case stopped."""
    c = roster_event.c
    stopped = sa.select(c.entry).where(c.case == case, c.kind == "stopped")
    statement = sa.select(roster).where(roster.c.holder == holder, roster.c.key.in_(stopped))
    return transaction.execute(statement.order_by(roster.c.key)).all()


def hand_over(transaction: Transaction, case: CaseRef, entry: int, holder: int, change: Change) -> bool:
    """Return whether the entry has another holder from now on; it is paid to nobody until an account is kept."""
    given = roster.update().where(roster.c.key == entry, roster.c.holder != holder)
    if not transaction.execute(given.values(holder=holder, account=None, account_checked_at=None)).rowcount:
        return False
    note(transaction, case, entry, "moved", change)
    return True


def live_benefits(transaction: Transaction, holder: int, household: int | None) -> frozenset[str]:
    """Return the ids of the benefits that the person or the household draws now."""
    of = [roster.c.holder == holder]
    if household is not None:
        of.append(roster.c.household == household)
    statement = sa.select(roster.c.benefit).where(sa.or_(*of), roster.c.state.in_(LIVE_STATES))
    return frozenset(transaction.execute(statement).scalars())


def open_benefits(
    transaction: Transaction, household: int, people: Sequence[int]
) -> Mapping[int | None, Sequence[str]]:
    """Return the ids of the benefits each person draws, under None those of the whole household.

    Confidential ones are left out: nobody who visits a family is to see them.
    """
    found: dict[int | None, list[str]] = {}
    for row in transaction.execute(_OPEN_BENEFITS, {"of_household": household, "people": list(people)}):
        what = benefit(row.benefit)
        if not what.confidential:
            found.setdefault(None if what.of == "household" else row.holder, []).append(what.id)
    return found


def amount_on(transaction: Transaction, entry: int, on: date) -> int:
    """Return the entry's amount in fen on the day, 0 where no decision set one."""
    statement = sa.select(roster_amount.c.amount).where(roster_amount.c.entry == entry, *holding(roster_amount, on))
    return transaction.execute(statement).scalar() or 0


def standing_amount(transaction: Transaction, entry: int, today: date) -> int:
    """Return the entry's amount in fen as decisions stand: next month's, where any was set for it, else today's."""
    next_month = add_months(today.replace(day=1), 1)
    return amount_on(transaction, entry, next_month) or amount_on(transaction, entry, today)


def payable(transaction: Transaction, benefit_id: str, region: str, month: date) -> Iterator[Payable]:
    """Yield what is due for the month that begins on the day, entry by entry, within the region."""
    a = roster_amount.c
    statement = (
        sa.select(
            roster.c.key, roster.c.region, roster.c.holder, roster.c.state, roster.c.account,
            roster.c.account_checked_at, a.amount, a.decision, resident.c.died_on,
        )
        .join(roster_amount, a.entry == roster.c.key)
        .join(resident, resident.c.key == roster.c.holder)
        .where(
            roster.c.benefit == benefit_id,
            within(roster.c.region, region),
            a.amount > 0,
            *holding(roster_amount, month),
        )
        .order_by(roster.c.key)
    )  # fmt: skip
    for row in transaction.execute(statement):
        yield Payable(
            row.key, row.region, row.holder, row.state, row.amount, row.decision, row.died_on, row.account,
            row.account_checked_at is not None,
        )  # fmt: skip


def note(transaction: Transaction, case: CaseRef, entry: int, kind: str, change: Change) -> None:
    """Write an event of the entry; the same event of the same case is written once."""
    c = roster_event.c
    known = sa.select(c.key).where(
        c.entry == entry, c.case == case.key, c.kind == kind, c.effective == change.effective
    )
    if transaction.execute(known).first() is not None:
        return
    row = {"key": new_key(), "entry": entry, "case": case.key, "kind": kind, "effective": change.effective}
    transaction.insert(
        roster_event, [row | {"reason": change.reason, "decision": change.decision, "at": transaction.now}]
    )


def _turn(
    transaction: Transaction, case: CaseRef, entry: int, states: tuple[str, str], kind: str, change: Change
) -> bool:
    before, after = states
    turned = roster.update().where(roster.c.key == entry, roster.c.state == before)
    if not transaction.execute(turned.values(state=after)).rowcount:
        return False
    note(transaction, case, entry, kind, change)
    return True


def _place(entry: int) -> bytes:
    return f"roster/{entry}".encode()


_OPEN_BENEFITS = (
    sa.select(roster.c.benefit, roster.c.holder)
    .where(
        sa.or_(
            roster.c.household == sa.bindparam("of_household", type_=Key),
            roster.c.holder.in_(sa.bindparam("people", expanding=True)),
        ),
        roster.c.state.in_(LIVE_STATES),
    )
    .order_by(roster.c.key)
)

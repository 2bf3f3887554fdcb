"""Decisions as the registers refer to them: who decided what, when, on which numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.transaction import Transaction
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import decision


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a matter (a benefit's or item's id); the amount is fen, ``level`` township or county."""

    matter: str
    outcome: str
    amount: int | None
    level: str
    decided_by: str
    basis: str
    policy_date: date


def record(transaction: Transaction, case: CaseRef, purpose: str, what: Decision) -> int:
    """Return the key of the case's decision under the purpose; one that stands there stays as it is."""
    known = find(transaction, case, purpose)
    if known is not None:
        return known
    key = new_key()
    row = {"key": key, "region": case.region, "case": case.key, "number": case.number, "purpose": purpose}
    transaction.insert(decision, [row | asdict(what) | {"decided_at": transaction.now}])
    return key


def find(transaction: Transaction, case: CaseRef, purpose: str) -> int | None:
    """Return the key of the case's decision under the purpose, None without one."""
    statement = sa.select(decision.c.key).where(decision.c.case == case.key, decision.c.purpose == purpose)
    return transaction.execute(statement).scalar()

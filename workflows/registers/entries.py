"""What the registers say about one case, for scenarios that expect it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.store.transaction import Transaction
from workflows.registers.money import yuan
from workflows.registers.tables import overdue_paperwork, payment, recovery, temp_case


def read_register(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return the case's relief row, payments, claim and block as one mapping; amounts in yuan."""
    found: dict[str, Any] = {"registered": False, "paperwork_overdue": False}
    row = transaction.execute(sa.select(temp_case).where(temp_case.c.case == case)).first()
    if row is not None:
        found |= {"registered": True, "cause": row.cause, "track": row.track, "outcome": row.outcome}
        found |= {"provisional_person": row.provisional_person, "persons": row.persons}
        found |= {"amount": None if row.amount is None else yuan(row.amount)}
    paid = transaction.execute(sa.select(payment).where(payment.c.case == case).order_by(payment.c.key)).all()
    found["payments"] = [one.status for one in paid]
    found["recovered"] = yuan(sum(one.recovered for one in paid))
    claim = transaction.execute(sa.select(recovery.c.standing).where(recovery.c.case == case)).first()
    found["claim"] = claim.standing if claim else None
    blocked = sa.select(overdue_paperwork.c.case).where(
        overdue_paperwork.c.case == case, overdue_paperwork.c.settled_at.is_(None)
    )
    found["paperwork_overdue"] = transaction.execute(blocked).first() is not None
    return found
